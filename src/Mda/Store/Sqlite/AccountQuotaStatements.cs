using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store.Model;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads and sets what an account may hold.</summary>
internal static class AccountQuotaStatements
{
    private const string Read = "SELECT octets, messages, quota_octets, quota_messages FROM account WHERE id = ?1 AND removed_at IS NULL";

    private const string ReadUse = "SELECT octets, messages, over_quota_since FROM account WHERE id = ?1 AND removed_at IS NULL";

    private const string ReadAllUse = "SELECT id, octets, messages, quota_octets, quota_messages, over_quota_since FROM account WHERE removed_at IS NULL";

    private const string Update = """
        UPDATE account SET quota_octets = ?2, quota_messages = ?3, over_quota_since = NULL WHERE id = ?1 AND removed_at IS NULL
        """;

    internal static AccountQuota? Find(StoreConnection connection, AccountId account)
    {
        var row = connection.Prepare(Read).Bind(1, account.Value);
        if (!row.Step())
            return null;
        var quota = new AccountQuota(row.Long(0), row.Long(1), row.LongOrNull(2), row.LongOrNull(3));
        row.Reset();
        return quota;
    }

    /// <summary>What the account holds, and since when it has turned mail away.</summary>
    internal static (long Octets, long Messages, DateTimeOffset? FullSince)? FindUse(StoreConnection connection, AccountId account)
    {
        var row = connection.Prepare(ReadUse).Bind(1, account.Value);
        if (!row.Step())
            return null;
        var use = (row.Long(0), row.Long(1), At(row.LongOrNull(2)));
        row.Reset();
        return use;
    }

    /// <summary>What all accounts hold, by address.</summary>
    internal static IReadOnlyList<AccountUse> ListUse(StoreConnection connection)
    {
        var accounts = AccountStatements.List(connection);
        var uses = new Dictionary<AccountId, AccountUse>(accounts.Count);
        foreach (var account in accounts)
            uses[account.Id] = new AccountUse(account, 0, 0, new OwnQuota(null, null), null);
        var rows = connection.Prepare(ReadAllUse);
        while (rows.Step())
        {
            if (uses.TryGetValue(new AccountId(rows.Long(0)), out var use))
                uses[use.Account.Id] = new AccountUse(use.Account, rows.Long(1), rows.Long(2), new OwnQuota(rows.LongOrNull(3), rows.LongOrNull(4)), At(rows.LongOrNull(5)));
        }

        return [.. accounts.Select(account => uses[account.Id])];
    }

    private static DateTimeOffset? At(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    internal static bool Set(WriteTurn turn, AccountId account, long? octets, long? messages)
    {
        turn.Prepare(Update).Bind(1, account.Value).Bind(2, octets).Bind(3, messages).Run();
        if (turn.Connection.Changes == 0)
            return false;
        // Deliveries remember it with the account.
        AccountStatements.SetState(turn, StoreStateRow.DirectoryVersion, AccountStatements.State(turn.Connection, StoreStateRow.DirectoryVersion) + 1);
        return true;
    }
}
