using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Changes flags and keywords, in one transaction's part that keeps counters and ModSeq right.</summary>
internal static class FlagStatements
{
    private const string SetRange = "UPDATE message SET flags = ?4, keywords = ?5, mod_seq = ?6 WHERE mailbox_id = ?1 AND uid BETWEEN ?2 AND ?3";

    private const string MarkFetched = "UPDATE message SET fetched = 1 WHERE mailbox_id = ?1 AND uid = ?2 AND fetched = 0";

    /// <param name="owner">Whose mailbox it must be; <see langword="null"/> when the caller has looked.</param>
    internal static FlagStoring Change(
        WriteTurn turn, KeywordSets keywords, MailboxId mailbox, AccountId? owner, IReadOnlyList<uint> uids, FlagChange change, long? unchangedSince)
    {
        if (MailboxStatements.Owner(turn.Connection, mailbox) is not { } account || (owner is { } asked && asked != account))
            return new FlagStoring(StoreResult.Gone, [], 0);

        var modified = new List<uint>();
        var changed = new List<MessageEntry>();
        var counts = new MessageCounts();
        var sets = new Dictionary<int, int>();
        var there = MessageRows.Find(turn, mailbox, uids);
        foreach (var before in there)
        {
            if (before.ModSeq > unchangedSince)
            {
                modified.Add(before.Uid);
                continue;
            }

            if (!sets.TryGetValue(before.Keywords, out var set))
            {
                if (Change(turn, keywords, before.Keywords, change) is not { } made)
                    return new FlagStoring(StoreResult.TooManyKeywords, [], 0);
                sets.Add(before.Keywords, set = made);
            }

            var after = before with { Flags = change.Apply(before.Flags), Keywords = set };
            if (after == before)
                continue;
            counts.Change(before.Flags, after.Flags);
            changed.Add(after);
        }

        if (changed.Count > 0)
            Write(turn, account, mailbox, changed, counts);
        return new FlagStoring(StoreResult.Done, modified, there.Count);
    }

    /// <returns>Whether this was the first time.</returns>
    internal static bool SetFetched(WriteTurn turn, MailboxId mailbox, Uid uid)
    {
        turn.Prepare(MarkFetched).Bind(1, mailbox.Value).Bind(2, uid.Value).Run();
        return turn.Connection.Changes > 0;
    }

    private static int? Change(WriteTurn turn, KeywordSets keywords, int set, FlagChange change)
    {
        var before = keywords.Find(turn, set);
        var text = change.Apply(before);
        if (string.Equals(text, before.Text, StringComparison.Ordinal))
            return set;
        return keywords.FindOrAdd(turn, text)?.Id;
    }

    /// <summary>One statement for each run of UIDs that become alike.</summary>
    private static void Write(WriteTurn turn, AccountId account, MailboxId mailbox, List<MessageEntry> changed, in MessageCounts counts)
    {
        var modSeq = MailboxStatements.Change(turn, mailbox, counts);
        var delta = turn.Delta(account, mailbox, modSeq);
        var first = 0;
        for (var i = 0; i < changed.Count; i++)
        {
            delta.Change(changed[i] with { ModSeq = modSeq });
            if (i + 1 < changed.Count && changed[i + 1].Uid == changed[i].Uid + 1 && changed[i + 1].Flags == changed[i].Flags && changed[i + 1].Keywords == changed[i].Keywords)
                continue;
            turn.Prepare(SetRange).Bind(1, mailbox.Value).Bind(2, changed[first].Uid).Bind(3, changed[i].Uid)
                .Bind(4, (long)changed[i].Flags).Bind(5, changed[i].Keywords).Bind(6, modSeq).Run();
            first = i + 1;
        }
    }
}
