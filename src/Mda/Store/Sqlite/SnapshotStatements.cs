using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads a whole mailbox into memory, in one walk over its rows.</summary>
internal static class SnapshotStatements
{
    private const string ReadMailbox = "SELECT uid_validity, uid_next, highest_mod_seq FROM mailbox WHERE id = ?1 AND removed_at IS NULL";

    private const string ReadMessages = "SELECT uid, flags, keywords, octets, mod_seq, body_id, internal_date FROM message WHERE mailbox_id = ?1 ORDER BY uid";

    private const string ReadModSeq = "SELECT highest_mod_seq FROM mailbox WHERE id = ?1 AND removed_at IS NULL";

    /// <summary><see langword="null"/> when there is no such mailbox.</summary>
    internal static MailboxSnapshot? Read(StoreConnection connection, (MailboxId Mailbox, KeywordSets Keywords) query)
    {
        var mailbox = query.Mailbox;
        var row = connection.Prepare(ReadMailbox).Bind(1, mailbox.Value);
        if (!row.Step())
            return null;
        var (uidValidity, uidNext, modSeq) = (row.Long(0), row.Long(1), row.Long(2));
        row.Reset();

        var building = new SnapshotBuilding();
        var unknown = new HashSet<int>();
        var rows = connection.Prepare(ReadMessages).Bind(1, mailbox.Value);
        while (rows.Step())
        {
            var entry = ReadEntry(rows);
            building.Append(entry);
            if (!query.Keywords.Has(entry.Keywords))
                unknown.Add(entry.Keywords);
        }

        // Before the snapshot is seen by anybody: who shows a message finds its keywords in memory.
        query.Keywords.Add([.. unknown.Select(id => KeywordStatements.Read(connection, id))]);
        return building.Finish(mailbox, new UidValidity((uint)uidValidity), (uint)uidNext, modSeq);
    }

    internal static long? HighestModSeq(StoreConnection connection, MailboxId mailbox)
    {
        var row = connection.Prepare(ReadModSeq).Bind(1, mailbox.Value);
        return row.Step() ? row.Long(0) : null;
    }

    /// <summary>Reads <c>uid, flags, keywords, octets, mod_seq, body_id, internal_date</c>.</summary>
    internal static MessageEntry ReadEntry(Statement row) => new(
        (uint)row.Long(0), (MessageFlags)row.Long(1), (int)row.Long(2), MessageEntry.Size(row.Long(3)), row.Long(4), row.Long(5), row.Long(6));
}
