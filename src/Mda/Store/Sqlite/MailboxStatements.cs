using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads mailboxes and keeps their counters.</summary>
internal static class MailboxStatements
{
    private const string Columns = "SELECT id, name, special_use, uid_validity, uid_next, highest_mod_seq, messages, unseen FROM mailbox";

    private const string ListAll = Columns + " WHERE account_id = ?1 AND removed_at IS NULL ORDER BY special_use <> 1, special_use = 0, special_use, name";

    private const string FindOne = Columns + " WHERE id = ?1 AND account_id = ?2 AND removed_at IS NULL";

    private const string FindOwner = "SELECT account_id FROM mailbox WHERE id = ?1 AND removed_at IS NULL";

    private const string ChangeCounters = """
        UPDATE mailbox SET highest_mod_seq = highest_mod_seq + 1, messages = messages + ?2, unseen = unseen + ?3, octets = octets + ?4, deleted = deleted + ?5
        WHERE id = ?1 RETURNING highest_mod_seq
        """;

    private const string TakeUids = """
        UPDATE mailbox SET uid_next = uid_next + ?2, highest_mod_seq = highest_mod_seq + 1, messages = messages + ?2, unseen = unseen + ?3, octets = octets + ?4, deleted = deleted + ?5
        WHERE id = ?1 AND account_id = ?6 AND removed_at IS NULL RETURNING uid_next - ?2, highest_mod_seq, uid_validity
        """;

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

    /// <summary>Whose mailbox it is; <see langword="null"/> when there is none.</summary>
    internal static AccountId? Owner(StoreConnection connection, MailboxId mailbox)
    {
        var row = connection.Prepare(FindOwner).Bind(1, mailbox.Value);
        AccountId? owner = row.Step() ? new AccountId(row.Long(0)) : null;
        row.Reset();
        return owner;
    }

    /// <summary>Takes a ModSeq for a change of a mailbox that is there, and changes its counters.</summary>
    internal static long Change(WriteTurn turn, MailboxId mailbox, in MessageCounts counts)
    {
        var row = turn.Prepare(ChangeCounters).Bind(1, mailbox.Value).Bind(2, counts.Messages).Bind(3, counts.Unseen).Bind(4, counts.Octets).Bind(5, counts.Deleted);
        if (!row.Step())
            throw new InvalidOperationException("A mailbox disappeared inside a transaction.");
        var modSeq = row.Long(0);
        row.Run();
        return modSeq;
    }

    /// <summary>Takes a ModSeq and UIDs for messages that come, and counts them; <see langword="null"/> when the account has no such mailbox.</summary>
    internal static TakenUids? Take(WriteTurn turn, FilingTarget target, in MessageCounts counts)
    {
        var row = turn.Prepare(TakeUids).Bind(1, target.Mailbox.Value).Bind(2, counts.Messages).Bind(3, counts.Unseen).Bind(4, counts.Octets).Bind(5, counts.Deleted)
            .Bind(6, target.Account.Value);
        if (!row.Step())
            return null;
        var taken = new TakenUids((uint)row.Long(0), row.Long(1), new UidValidity((uint)row.Long(2)));
        row.Run();
        return taken;
    }

    private static Mailbox Read(Statement row) => new(
        new MailboxId(row.Long(0)), row.Text(1), (SpecialUse)row.Long(2), new UidValidity((uint)row.Long(3)), new Uid((uint)row.Long(4)),
        new ModSeq(row.Long(5)), (int)row.Long(6), (int)row.Long(7));
}

/// <param name="First">The first of so many UIDs as messages were counted.</param>
internal readonly record struct TakenUids(uint First, long ModSeq, UidValidity UidValidity);
