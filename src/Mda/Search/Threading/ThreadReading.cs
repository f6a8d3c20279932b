using MailSuite.Mda.Store.Snapshots;

namespace MailSuite.Mda.Search.Threading;

/// <summary>Reads what the algorithms look at.</summary>
internal static class ThreadReading
{
    internal static async ValueTask<ThreadMessage[]> ReadAsync(SearchReading reading, MailboxSnapshot messages, int[] indexes, bool byUid, CancellationToken cancellationToken)
    {
        var read = new ThreadMessage[indexes.Length];
        await reading.FactsAsync(
            Array.ConvertAll(indexes, index => messages[index].Body),
            datesAlone: false,
            (i, facts) =>
            {
                var entry = messages[indexes[i]];
                // Without a Date field it is the internal date (RFC 5256 §2.2).
                read[i] = new ThreadMessage(
                    byUid ? entry.Uid : (uint)indexes[i] + 1, facts.SentAt ?? entry.InternalDate / 1000, facts.Id, facts.References, facts.Subject.Text, facts.Subject.IsReply);
            },
            cancellationToken);
        return read;
    }
}
