using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Removes messages for good and remembers their UIDs.</summary>
internal static class ExpungeStatements
{
    private const string DeleteMessage = "DELETE FROM message WHERE mailbox_id = ?1 AND uid = ?2";

    private const string InsertExpunged = "INSERT INTO expunged (mailbox_id, mod_seq, uid) VALUES (?1, ?2, ?3)";

    private const string OldestExpunged = "SELECT min(mod_seq) FROM expunged WHERE mailbox_id = ?1";

    private const string FindExpunged = "SELECT uid FROM expunged WHERE mailbox_id = ?1 AND mod_seq > ?2 AND mod_seq <= ?3";

    private const string FindLong = "SELECT mailbox_id FROM expunged GROUP BY mailbox_id HAVING count(*) > ?1";

    private const string NthLatest = "SELECT mod_seq FROM expunged WHERE mailbox_id = ?1 ORDER BY mod_seq DESC LIMIT 1 OFFSET ?2";

    private const string ForgetBefore =
        "DELETE FROM expunged WHERE mailbox_id = ?1 AND mod_seq < ?2 AND mod_seq <= (SELECT mod_seq FROM expunged WHERE mailbox_id = ?1 ORDER BY mod_seq LIMIT 1 OFFSET ?3)";

    /// <param name="owner">Whose mailbox it must be; <see langword="null"/> when the caller has looked.</param>
    /// <param name="onlyDeleted">Leaves messages that have lost \Deleted since the caller looked.</param>
    internal static Expunging Expunge(WriteTurn turn, MailboxId mailbox, AccountId? owner, IReadOnlyList<uint> uids, bool onlyDeleted, bool givesQuotaBack = true)
    {
        if (MailboxStatements.Owner(turn.Connection, mailbox) is not { } account || (owner ?? account) != account)
            return new Expunging(StoreResult.Gone, []);

        var found = MessageRows.Find(turn, mailbox, uids);
        if (onlyDeleted)
            found.RemoveAll(message => !message.Flags.HasFlag(MessageFlags.Deleted));
        if (found.Count == 0)
            return new Expunging(StoreResult.Done, []);

        var counts = new MessageCounts();
        foreach (var message in found)
            counts.Add(message.Flags, message.Octets);
        var modSeq = MailboxStatements.Change(turn, mailbox, counts.Negated);
        var delta = turn.Delta(account, mailbox, modSeq);
        foreach (var message in found)
        {
            Remember(turn, mailbox, message.Uid, modSeq);
            Delete(turn, mailbox, message.Uid, message.Body);
            delta.Remove(message.Uid, modSeq);
        }

        if (givesQuotaBack)
            QuotaCounting.GiveBack(turn, account, counts.Octets, counts.Messages);
        return new Expunging(StoreResult.Done, [.. found.Select(message => message.Uid)]);
    }

    /// <summary>UIDs that went after a ModSeq and up to another; <see langword="null"/> when the history does not reach back so far.</summary>
    internal static IReadOnlyList<uint>? Since(StoreConnection connection, (MailboxId Mailbox, long After, long UpTo) query)
    {
        var oldest = connection.Prepare(OldestExpunged).Bind(1, query.Mailbox.Value);
        // Whole ModSeqs are forgotten, so what lies after the one before the oldest row is all here. No row means that nothing ever went:
        // some are always kept.
        if (oldest.Step() && oldest.LongOrNull(0) is { } first && query.After < first - 1)
            return null;

        var uids = new List<uint>();
        var rows = connection.Prepare(FindExpunged).Bind(1, query.Mailbox.Value).Bind(2, query.After).Bind(3, query.UpTo);
        while (rows.Step())
            uids.Add((uint)rows.Long(0));
        return uids;
    }

    /// <summary>The mailboxes whose history is longer than it need be, and from which ModSeq on it is kept.</summary>
    internal static IReadOnlyList<(MailboxId Mailbox, long KeepFrom)> TooLong(StoreConnection connection, int rows)
    {
        var mailboxes = new List<MailboxId>();
        var found = connection.Prepare(FindLong).Bind(1, rows);
        while (found.Step())
            mailboxes.Add(new MailboxId(found.Long(0)));

        var borders = new List<(MailboxId Mailbox, long KeepFrom)>(mailboxes.Count);
        foreach (var mailbox in mailboxes)
        {
            var border = connection.Prepare(NthLatest).Bind(1, mailbox.Value).Bind(2, rows - 1);
            if (border.Step())
                borders.Add((mailbox, border.Long(0)));
        }

        return borders;
    }

    /// <summary>Forgets the oldest rows below a ModSeq, about so many; whole ModSeqs only.</summary>
    /// <returns>Rows removed; 0 at the end.</returns>
    internal static int Forget(WriteTurn turn, MailboxId mailbox, long keepFrom, int step)
    {
        turn.Prepare(ForgetBefore).Bind(1, mailbox.Value).Bind(2, keepFrom).Bind(3, step).Run();
        return turn.Connection.Changes;
    }

    /// <summary>Notes a UID that went, for clients that come back (RFC 7162 §3.2).</summary>
    internal static void Remember(WriteTurn turn, MailboxId mailbox, uint uid, long modSeq) =>
        turn.Prepare(InsertExpunged).Bind(1, mailbox.Value).Bind(2, modSeq).Bind(3, uid).Run();

    /// <summary>Removes the message and, with its last message, the body; counters are the caller's matter.</summary>
    internal static void Delete(WriteTurn turn, MailboxId mailbox, uint uid, long body)
    {
        turn.Prepare(DeleteMessage).Bind(1, mailbox.Value).Bind(2, uid).Run();
        BodyStatements.Release(turn, body);
    }
}
