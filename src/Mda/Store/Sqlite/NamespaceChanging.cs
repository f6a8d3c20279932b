using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store.Model;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Makes, renames and removes mailboxes. Every method is one transaction's part; the rows of mailboxes change nowhere else but for their counters.</summary>
internal static class NamespaceChanging
{
    private const string InsertMailbox = """
        INSERT INTO mailbox (account_id, name, special_use, uid_validity, uid_next, highest_mod_seq, messages, unseen, octets, deleted, created_at)
        VALUES (?1, ?2, ?3, ?4, 1, 1, 0, 0, 0, 0, ?5)
        """;

    private const string InheritRights = "INSERT INTO acl (mailbox_id, identifier, rights) SELECT ?2, identifier, rights FROM acl WHERE mailbox_id = ?1";

    private const string CountMailboxes = "SELECT count(*) FROM mailbox WHERE account_id = ?1 AND removed_at IS NULL";

    private const string FindUse = "SELECT 1 FROM mailbox WHERE account_id = ?1 AND special_use = ?2 AND removed_at IS NULL";

    private const string UpdateUse = "UPDATE mailbox SET special_use = ?2 WHERE id = ?1";

    private const string BeginRemoval = "UPDATE mailbox SET removed_at = ?2 WHERE id = ?1";

    private const string DeleteRights = "DELETE FROM acl WHERE mailbox_id = ?1";

    private const string DeleteMetadata = "DELETE FROM metadata WHERE mailbox_id = ?1";

    private const string UpdateName = "UPDATE mailbox SET name = ?2 WHERE id = ?1";

    private const string InsertSubscription = "INSERT OR IGNORE INTO subscription (account_id, name) VALUES (?1, ?2)";

    private const string DeleteSubscription = "DELETE FROM subscription WHERE account_id = ?1 AND name = ?2";

    private const string CountSubscriptions = "SELECT count(*) FROM subscription WHERE account_id = ?1";

    internal static MailboxId Insert(WriteTurn turn, AccountId owner, string name, SpecialUse use, DateTimeOffset now)
    {
        var uidValidity = NextUidValidity(turn, now);
        turn.Prepare(InsertMailbox).Bind(1, owner.Value).Bind(2, name).Bind(3, (long)use).Bind(4, uidValidity).Bind(5, now.ToUnixTimeMilliseconds()).Run();
        return new MailboxId(turn.Connection.LastInsertId);
    }

    /// <summary>Gives a new mailbox the access list of the one above it (RFC 4314 §3.1 leaves this to the server).</summary>
    internal static void Inherit(WriteTurn turn, MailboxId superior, MailboxId mailbox) =>
        turn.Prepare(InheritRights).Bind(1, superior.Value).Bind(2, mailbox.Value).Run();

    internal static long Count(StoreConnection connection, AccountId owner) => Single(connection.Prepare(CountMailboxes).Bind(1, owner.Value));

    internal static bool IsUsed(StoreConnection connection, AccountId owner, SpecialUse use) =>
        Single(connection.Prepare(FindUse).Bind(1, owner.Value).Bind(2, (long)use)) != 0;

    internal static void SetUse(WriteTurn turn, MailboxHandle mailbox, SpecialUse use)
    {
        turn.Prepare(UpdateUse).Bind(1, mailbox.Id.Value).Bind(2, (long)use).Run();
        UseChanged(turn, mailbox, use);
    }

    /// <summary>Takes the mailbox out of sight; its messages go in steps afterwards.</summary>
    internal static void Remove(WriteTurn turn, MailboxHandle mailbox, DateTimeOffset now)
    {
        turn.Prepare(BeginRemoval).Bind(1, mailbox.Id.Value).Bind(2, now.ToUnixTimeMilliseconds()).Run();
        turn.MailboxRemoved(mailbox.Owner, mailbox.Id);
        turn.Prepare(DeleteRights).Bind(1, mailbox.Id.Value).Run();
        turn.Prepare(DeleteMetadata).Bind(1, mailbox.Id.Value).Run();
        UseChanged(turn, mailbox, SpecialUse.None);
    }

    internal static void SetName(WriteTurn turn, MailboxId mailbox, string name) =>
        turn.Prepare(UpdateName).Bind(1, mailbox.Value).Bind(2, name).Run();

    internal static void Subscribe(WriteTurn turn, AccountId account, string name) =>
        turn.Prepare(InsertSubscription).Bind(1, account.Value).Bind(2, name).Run();

    /// <returns>Whether it was subscribed.</returns>
    internal static bool Unsubscribe(WriteTurn turn, AccountId account, string name)
    {
        turn.Prepare(DeleteSubscription).Bind(1, account.Value).Bind(2, name).Run();
        return turn.Connection.Changes > 0;
    }

    internal static long Subscriptions(StoreConnection connection, AccountId account) => Single(connection.Prepare(CountSubscriptions).Bind(1, account.Value));

    /// <summary>Ascending over the whole store and never reused, even when the clock went back (RFC 9051 §2.3.1.1).</summary>
    internal static long NextUidValidity(WriteTurn turn, DateTimeOffset now)
    {
        var next = Math.Max(AccountStatements.State(turn.Connection, StoreStateRow.UidValidity) + 1, now.ToUnixTimeSeconds());
        AccountStatements.SetState(turn, StoreStateRow.UidValidity, next);
        return next;
    }

    private static void UseChanged(WriteTurn turn, MailboxHandle mailbox, SpecialUse use)
    {
        // Deliveries remember where quarantined mail goes.
        if (mailbox.Use == SpecialUse.Junk || use == SpecialUse.Junk)
            AccountStatements.SetState(turn, StoreStateRow.DirectoryVersion, AccountStatements.State(turn.Connection, StoreStateRow.DirectoryVersion) + 1);
    }

    private static long Single(Statement row)
    {
        var value = row.Step() ? row.Long(0) : 0;
        row.Reset();
        return value;
    }
}
