using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Finds the messages that a change is about, inside its transaction.</summary>
internal static class MessageRows
{
    private const string FindRange =
        "SELECT uid, flags, keywords, octets, mod_seq, body_id, internal_date FROM message WHERE mailbox_id = ?1 AND uid BETWEEN ?2 AND ?3 ORDER BY uid";

    /// <summary>The messages that are there, each once, in the order of their UIDs; one statement for each run of UIDs.</summary>
    internal static List<MessageEntry> Find(WriteTurn turn, MailboxId mailbox, IReadOnlyList<uint> uids)
    {
        var found = new List<MessageEntry>(uids.Count);
        foreach (var (first, last) in UidRun.Of(uids))
        {
            var rows = turn.Prepare(FindRange).Bind(1, mailbox.Value).Bind(2, first).Bind(3, last);
            while (rows.Step())
                found.Add(SnapshotStatements.ReadEntry(rows));
        }

        return found;
    }
}

/// <summary>By how much the counters of a mailbox and its account are to change.</summary>
internal struct MessageCounts
{
    internal long Messages { get; private set; }

    internal long Unseen { get; private set; }

    internal long Octets { get; private set; }

    internal long Deleted { get; private set; }

    internal readonly MessageCounts Negated => new() { Messages = -Messages, Unseen = -Unseen, Octets = -Octets, Deleted = -Deleted };

    internal void Add(MessageFlags flags, long octets)
    {
        Messages++;
        Octets += octets;
        AddFlags(flags, 1);
    }

    /// <summary>Flags of a message that stays.</summary>
    internal void Change(MessageFlags before, MessageFlags after)
    {
        AddFlags(before, -1);
        AddFlags(after, 1);
    }

    private void AddFlags(MessageFlags flags, int sign)
    {
        Unseen += flags.HasFlag(MessageFlags.Seen) ? 0 : sign;
        Deleted += flags.HasFlag(MessageFlags.Deleted) ? sign : 0;
    }
}
