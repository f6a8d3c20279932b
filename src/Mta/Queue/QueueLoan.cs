using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Queue;

/// <summary>The entries of some destinations, lent to a session that fetches them. As long as it lasts the queue itself starts none of them.</summary>
/// <remarks>What was not taken is the queue's again when the loan ends; on disk it never was anything else.</remarks>
internal sealed class QueueLoan(RelayQueue queue, IReadOnlyList<string> destinations) : IDisposable
{
    /// <summary>The next entry that is due; it is under way until <see cref="Done"/>. <see langword="null"/> when nothing more is due.</summary>
    public Task<Ready?> NextAsync() => queue.TakeLentAsync(destinations);

    public void Done(Ready ready, AttemptResult result) => queue.Finish(ready, result);

    public void Dispose() => queue.TakeBack(destinations);
}
