using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads mailboxes and keeps their counters.</summary>
internal static class MailboxStatements
{
    private const string Columns = "SELECT id, name, special_use, uid_validity, uid_next, highest_mod_seq, messages, unseen FROM mailbox";

    private const string ListAll = Columns + " WHERE account_id = ?1 AND removed_at IS NULL ORDER BY special_use <> 1, special_use = 0, special_use, name";

    private const string FindOne = Columns + " WHERE id = ?1 AND account_id = ?2 AND removed_at IS NULL";

    private const string BumpModSeq = "UPDATE mailbox SET highest_mod_seq = highest_mod_seq + 1 WHERE id = ?1 RETURNING highest_mod_seq";

    private const string AddToCounters = "UPDATE mailbox SET messages = messages + ?2, unseen = unseen + ?3, octets = octets + ?4, deleted = deleted + ?5 WHERE id = ?1";

    private const string TakeUids = "UPDATE mailbox SET uid_next = uid_next + ?2 WHERE id = ?1 RETURNING uid_next - ?2";

    internal static IReadOnlyList<Mailbox> List(StoreConnection connection, AccountId account)
    {
        var mailboxes = new List<Mailbox>();
        var rows = connection.Prepare(ListAll).Bind(1, account.Value);
        while (rows.Step())
            mailboxes.Add(Read(rows));
        return mailboxes;
    }

    internal static Mailbox? Find(StoreConnection connection, (AccountId Account, MailboxId Mailbox) key)
    {
        var row = connection.Prepare(FindOne).Bind(1, key.Mailbox.Value).Bind(2, key.Account.Value);
        var mailbox = row.Step() ? Read(row) : null;
        row.Reset();
        return mailbox;
    }

    /// <summary>The ModSeq of the change that is being made.</summary>
    internal static long NextModSeq(WriteTurn turn, MailboxId mailbox) => Single(turn.Prepare(BumpModSeq).Bind(1, mailbox.Value));

    /// <summary>Takes <paramref name="count"/> UIDs and gives the first.</summary>
    internal static long NextUids(WriteTurn turn, MailboxId mailbox, int count) => Single(turn.Prepare(TakeUids).Bind(1, mailbox.Value).Bind(2, count));

    internal static void Count(WriteTurn turn, MailboxId mailbox, long messages, long unseen, long octets, long deleted) =>
        turn.Prepare(AddToCounters).Bind(1, mailbox.Value).Bind(2, messages).Bind(3, unseen).Bind(4, octets).Bind(5, deleted).Run();

    private static long Single(Statement row)
    {
        if (!row.Step())
            throw new InvalidOperationException("A mailbox disappeared inside a transaction.");
        var value = row.Long(0);
        row.Run();
        return value;
    }

    private static Mailbox Read(Statement row) => new(
        new MailboxId(row.Long(0)), row.Text(1), (SpecialUse)row.Long(2), new UidValidity((uint)row.Long(3)), new Uid((uint)row.Long(4)),
        new ModSeq(row.Long(5)), (int)row.Long(6), (int)row.Long(7));
}
