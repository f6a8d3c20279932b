using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;

namespace MailSuite.Mda.Accounts;

/// <summary>What a sender is told of accounts that are over their quota: to try again, and after the grace that it is of no use.</summary>
internal sealed class QuotaJudgement(MailStore store, MdaOptions options, TimeProvider clock)
{
    /// <summary>Whether an account can take mail now, before anything of it has come.</summary>
    /// <returns>
    /// The status of the one that will take mail soonest; <see langword="null"/> when one has room. Of an alias one is enough: the others'
    /// copies wait here and keep nobody from reading.
    /// </returns>
    /// <exception cref="StoreFault">It cannot be found out now.</exception>
    internal async ValueTask<EnhancedStatusCode?> JudgeAsync(IReadOnlyList<AccountEntry> accounts, CancellationToken cancellationToken)
    {
        EnhancedStatusCode? status = null;
        foreach (var account in accounts)
        {
            if (await FullSinceAsync(account, cancellationToken) is not { } since)
                return null;
            var own = StatusOf(since);
            if (status is null || !own.IsPermanent)
                status = own;
        }

        return status;
    }

    /// <summary>What mail hears that an account has turned away.</summary>
    internal EnhancedStatusCode StatusOf(DateTimeOffset since) =>
        clock.GetUtcNow() - since >= options.QuotaGrace ? StatusCodes.MailboxFull : StatusCodes.MailboxFullForNow;

    /// <summary>Whether a message is larger than all that the account may hold, so that it will never fit.</summary>
    internal bool IsTooLarge(long octets, AccountEntry account) => LimitOf(account.OwnOctets, options.QuotaOctets) is { } limit && octets > limit;

    /// <summary>Since when the account has turned mail away, beginning now when it is full and has not yet; <see langword="null"/> when it has room.</summary>
    private async ValueTask<DateTimeOffset?> FullSinceAsync(AccountEntry account, CancellationToken cancellationToken)
    {
        // Most have no limit, and are not asked for.
        if (LimitOf(account.OwnOctets, options.QuotaOctets) is null && LimitOf(account.OwnMessages, options.QuotaMessages) is null)
            return null;
        if (await store.ReadAsync((account.Account.Id, options), AccountQuotaStatements.Find, cancellationToken) is not { } use)
            return null;
        if (!IsReached(use.Octets, use.OctetLimit) && !IsReached(use.Messages, use.MessageLimit))
            return null;
        if (use.FullSince is { } since)
            return since;

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return await store.WriteAsync(turn => QuotaCounting.TurnedAway(turn, account.Account.Id, now), takesSpace: false, cancellationToken);
    }

    private static bool IsReached(long use, long limit) => limit > 0 && use >= limit;

    /// <returns><see langword="null"/> for no limit.</returns>
    private static long? LimitOf(long? own, long configured) => (own ?? configured) is > 0 and var limit ? limit : null;
}
