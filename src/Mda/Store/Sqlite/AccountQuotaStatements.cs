using MailSuite.Mda.Store.Model;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads and sets what an account may hold.</summary>
internal static class AccountQuotaStatements
{
    private const string Read = "SELECT octets, messages, quota_octets, quota_messages, over_quota_since FROM account WHERE id = ?1 AND removed_at IS NULL";

    private const string Update = """
        UPDATE account SET quota_octets = ?2, quota_messages = ?3, over_quota_since = NULL WHERE id = ?1 AND removed_at IS NULL
        """;

    internal static AccountUsage? Find(StoreConnection connection, (AccountId Account, MdaOptions Options) asked)
    {
        var row = connection.Prepare(Read).Bind(1, asked.Account.Value);
        if (!row.Step())
            return null;
        var (ownOctets, ownMessages) = (row.LongOrNull(2), row.LongOrNull(3));
        var usage = new AccountUsage(
            row.Long(0), ownOctets ?? asked.Options.QuotaOctets, row.Long(1), ownMessages ?? asked.Options.QuotaMessages, ownOctets, ownMessages,
            At(row.LongOrNull(4)));
        row.Reset();
        return usage;
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
