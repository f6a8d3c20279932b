using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Queue;

/// <summary>The queue as a person looks at it and pushes it.</summary>
internal sealed class MailQueue(SpoolStore spool, QueueBell bell) : IMailQueue
{
    public IReadOnlyList<QueuedMail> List() => spool.Reader.List();

    public async ValueTask<int> TryNowAsync(CancellationToken cancellationToken)
    {
        var released = await spool.TryNowAsync(cancellationToken);
        bell.Ring();
        return released;
    }
}
