using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Keeps what an account holds: octets and messages, each message counted in every mailbox it lies in.</summary>
internal static class QuotaCounting
{
    private const string TakeQuota = """
        UPDATE account SET octets = octets + ?2, messages = messages + ?3, over_quota_since = NULL
        WHERE id = ?1 AND removed_at IS NULL
            AND (coalesce(quota_octets, ?4) = 0 OR octets + ?2 <= coalesce(quota_octets, ?4))
            AND (coalesce(quota_messages, ?5) = 0 OR messages + ?3 <= coalesce(quota_messages, ?5))
        """;

    private const string AccountIsThere = "SELECT 1 FROM account WHERE id = ?1 AND removed_at IS NULL";

    private const string GiveQuotaBack = "UPDATE account SET octets = octets - ?2, messages = messages - ?3, over_quota_since = NULL WHERE id = ?1";

    private const string MarkFull = "UPDATE account SET over_quota_since = coalesce(over_quota_since, ?2) WHERE id = ?1 RETURNING over_quota_since";

    /// <summary>Takes room for messages that come; nothing is taken unless all fits.</summary>
    internal static QuotaResult Take(WriteTurn turn, AccountId account, long octets, long messages, MdaOptions options)
    {
        turn.Prepare(TakeQuota).Bind(1, account.Value).Bind(2, octets).Bind(3, messages).Bind(4, options.QuotaOctets).Bind(5, options.QuotaMessages).Run();
        if (turn.Connection.Changes > 0)
            return QuotaResult.Taken;

        var row = turn.Prepare(AccountIsThere).Bind(1, account.Value);
        var there = row.Step();
        row.Reset();
        return there ? QuotaResult.Over : QuotaResult.Gone;
    }

    internal static void GiveBack(WriteTurn turn, AccountId account, long octets, long messages) =>
        turn.Prepare(GiveQuotaBack).Bind(1, account.Value).Bind(2, octets).Bind(3, messages).Run();

    /// <summary>Notes that mail is turned away, and says since when; mail that fits or goes ends it.</summary>
    internal static DateTimeOffset TurnedAway(WriteTurn turn, AccountId account, long now)
    {
        var row = turn.Prepare(MarkFull).Bind(1, account.Value).Bind(2, now);
        var since = row.Step() ? row.Long(0) : now;
        row.Reset();
        return DateTimeOffset.FromUnixTimeMilliseconds(since);
    }
}

internal enum QuotaResult
{
    Taken,
    Over,

    /// <summary>The account is no more.</summary>
    Gone,
}
