using MailSuite.Mda.Store.Snapshots;
using MailSuite.Mda.Store.Sqlite;

namespace MailSuite.Mda.Store;

/// <summary>Tells which UIDs went since a client was here last (RFC 7162 §3.2.10).</summary>
internal sealed class ExpungeHistory(MailStore store)
{
    /// <summary>Rows of <c>expunged</c> that are kept for a mailbox: half a megabyte. Who comes back later is told more than it needs.</summary>
    internal const int MaxRows = 50_000;

    /// <summary>The UIDs that vanished after <paramref name="since"/>, as <paramref name="snapshot"/> knows it; ascending, in runs.</summary>
    /// <remarks>
    /// Where the history does not reach back so far, it is every UID that is not there, which RFC 7162 §3.2.5.2 allows: UIDs are given out
    /// without gaps, so each of them was a message once.
    /// </remarks>
    /// <exception cref="StoreFault">It cannot be read.</exception>
    internal async ValueTask<IReadOnlyList<UidRun>> SinceAsync(MailboxSnapshot snapshot, long since, CancellationToken cancellationToken) =>
        await store.ReadAsync((snapshot.Mailbox, since, snapshot.HighestModSeq), ExpungeStatements.Since, cancellationToken) is { } uids
            ? UidRun.Of(uids)
            : Absent(snapshot);

    /// <summary>Every UID below UIDNEXT that no message has.</summary>
    internal static IReadOnlyList<UidRun> Absent(MailboxSnapshot snapshot)
    {
        var runs = new List<UidRun>();
        var next = 1u;
        foreach (var chunk in snapshot.Chunks)
        {
            foreach (ref readonly var entry in chunk.Span)
            {
                if (entry.Uid > next)
                    runs.Add(new UidRun(next, entry.Uid - 1));
                next = entry.Uid + 1;
            }
        }

        if (snapshot.UidNext > next)
            runs.Add(new UidRun(next, snapshot.UidNext - 1));
        return runs;
    }
}
