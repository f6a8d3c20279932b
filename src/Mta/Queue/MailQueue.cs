using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Queue;

/// <summary>The queue as a person looks at it and pushes it.</summary>
internal sealed class MailQueue(SpoolStore spool, HeldDomains held, Arrivals arrivals) : IMailQueue
{
    public IReadOnlyList<QueuedMail> List() => spool.Reader.List();

    /// <remarks>Not what waits to be asked for: it would be put back at once.</remarks>
    public async ValueTask<int> TryNowAsync(CancellationToken cancellationToken)
    {
        var released = 0;
        foreach (var destination in spool.Reader.Destinations().Except(held.Destinations, StringComparer.Ordinal))
            released += await spool.MakeDueAsync(destination, cancellationToken);
        arrivals.LookAgain();
        return released;
    }
}
