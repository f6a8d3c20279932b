using MailSuite.Mda.Accounts;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>A quota root (RFC 9208 §3.1.1): here each account is one, named by its folded address.</summary>
/// <param name="OctetLimit">0 for none.</param>
/// <param name="MessageLimit">0 for none.</param>
internal sealed record QuotaRoot(string Name, long Octets, long OctetLimit, long Messages, long MessageLimit);

/// <summary>The quotas of accounts.</summary>
internal sealed class Quotas(MailStore store, MdaOptions options)
{
    /// <summary>The account's root; <see langword="null"/> when nothing limits it.</summary>
    internal async ValueTask<QuotaRoot?> FindAsync(AccountId account, CancellationToken cancellationToken) =>
        await store.ReadAsync((account, options), Find, cancellationToken);

    /// <summary>What the account holds and may hold; <see langword="null"/> when there is no such account.</summary>
    internal ValueTask<AccountUsage?> FindUsageAsync(AccountId account, CancellationToken cancellationToken) =>
        store.ReadAsync((account, options), AccountQuotaStatements.Find, cancellationToken);

    private static QuotaRoot? Find(StoreConnection connection, (AccountId Account, MdaOptions Options) asked)
    {
        if (AccountStatements.Find(connection, asked.Account) is not { } owner || AccountQuotaStatements.Find(connection, asked) is not { } usage)
            return null;
        return usage is { OctetLimit: 0, MessageLimit: 0 }
            ? null
            : new QuotaRoot(AddressKey.Of(owner.Account.Address), usage.Octets, usage.OctetLimit, usage.Messages, usage.MessageLimit);
    }
}
