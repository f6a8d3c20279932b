using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>What the store does for itself: old delivery ids, removed accounts, orphaned files.</summary>
internal static class UpkeepStatements
{
    /// <summary>Walks from the oldest and stops at the first step that finds nothing old: no index on the time is needed.</summary>
    private const string ForgetDeliveries =
        "DELETE FROM delivery WHERE id <= (SELECT max(id) FROM (SELECT id, at FROM delivery ORDER BY id LIMIT ?2) WHERE at < ?1)";

    private const string FindRemoved = "SELECT id FROM account WHERE removed_at IS NOT NULL";

    private const string FindMessages = "SELECT mailbox_id, uid, body_id FROM message WHERE account_id = ?1 LIMIT ?2";

    private const string DeleteExpunged = "DELETE FROM expunged WHERE mailbox_id IN (SELECT id FROM mailbox WHERE account_id = ?1)";

    private const string DeleteRights = "DELETE FROM acl WHERE mailbox_id IN (SELECT id FROM mailbox WHERE account_id = ?1)";

    private const string DeleteMetadata = "DELETE FROM metadata WHERE mailbox_id IN (SELECT id FROM mailbox WHERE account_id = ?1) OR account_id = ?1";

    private const string DeleteSubscriptions = "DELETE FROM subscription WHERE account_id = ?1";

    private const string DeleteThreadLinks = "DELETE FROM thread_link WHERE account_id = ?1";

    private const string DeleteMailboxes = "DELETE FROM mailbox WHERE account_id = ?1";

    private const string DeleteAccount = "DELETE FROM account WHERE id = ?1 AND removed_at IS NOT NULL";

    private const string FileIsNamed = "SELECT 1 FROM body WHERE file = ?1";

    /// <returns>Rows removed; fewer than <paramref name="limit"/> when no more are old.</returns>
    internal static int Forget(WriteTurn turn, DateTimeOffset before, int limit)
    {
        turn.Prepare(ForgetDeliveries).Bind(1, before.ToUnixTimeMilliseconds()).Bind(2, limit).Run();
        return turn.Connection.Changes;
    }

    internal static IReadOnlyList<AccountId> RemovedAccounts(StoreConnection connection)
    {
        var accounts = new List<AccountId>();
        var rows = connection.Prepare(FindRemoved);
        while (rows.Step())
            accounts.Add(new AccountId(rows.Long(0)));
        return accounts;
    }

    /// <summary>Takes the next step of an account's removal.</summary>
    /// <returns>Whether the account is gone wholly.</returns>
    internal static bool RemoveStep(WriteTurn turn, AccountId account, int limit)
    {
        var messages = new List<(MailboxId Mailbox, uint Uid, long Body)>(limit);
        var rows = turn.Prepare(FindMessages).Bind(1, account.Value).Bind(2, limit);
        while (rows.Step())
            messages.Add((new MailboxId(rows.Long(0)), (uint)rows.Long(1), rows.Long(2)));
        if (messages.Count > 0)
        {
            foreach (var (mailbox, uid, body) in messages)
                ExpungeStatements.Delete(turn, mailbox, uid, body);
            return false;
        }

        turn.Prepare(DeleteExpunged).Bind(1, account.Value).Run();
        turn.Prepare(DeleteRights).Bind(1, account.Value).Run();
        turn.Prepare(DeleteMetadata).Bind(1, account.Value).Run();
        turn.Prepare(DeleteSubscriptions).Bind(1, account.Value).Run();
        turn.Prepare(DeleteThreadLinks).Bind(1, account.Value).Run();
        turn.Prepare(DeleteMailboxes).Bind(1, account.Value).Run();
        turn.Prepare(DeleteAccount).Bind(1, account.Value).Run();
        return true;
    }

    internal static bool IsNamed(StoreConnection connection, string file)
    {
        var row = connection.Prepare(FileIsNamed).Bind(1, file);
        var named = row.Step();
        row.Reset();
        return named;
    }
}
