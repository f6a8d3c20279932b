using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads and sets what an account may hold.</summary>
internal static class AccountQuotaStatements
{
    private const string Read = "SELECT octets, messages, quota_octets, quota_messages FROM account WHERE id = ?1 AND removed_at IS NULL";

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
            row.Long(0), ownOctets ?? asked.Options.QuotaOctets, row.Long(1), ownMessages ?? asked.Options.QuotaMessages, ownOctets, ownMessages);
        row.Reset();
        return usage;
    }

    internal static bool Set(WriteTurn turn, AccountId account, long? octets, long? messages)
    {
        turn.Prepare(Update).Bind(1, account.Value).Bind(2, octets).Bind(3, messages).Run();
        return turn.Connection.Changes > 0;
    }
}
