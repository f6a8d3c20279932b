using MailSuite.Mda.Accounts;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>What an account holds, and what it may hold where that was set for it alone.</summary>
/// <param name="OwnOctets"><see langword="null"/> for what the configuration says, 0 for no limit.</param>
/// <param name="OwnMessages">Likewise.</param>
internal sealed record AccountQuota(long Octets, long Messages, long? OwnOctets, long? OwnMessages);

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

    private static QuotaRoot? Find(StoreConnection connection, (AccountId Account, MdaOptions Options) asked)
    {
        if (AccountStatements.Find(connection, asked.Account) is not { Account.Address: EnvelopeAddress address } || AccountQuotaStatements.Find(connection, asked.Account) is not { } quota)
            return null;
        var root = new QuotaRoot(
            AddressKey.Of(address), quota.Octets, quota.OwnOctets ?? asked.Options.QuotaOctets, quota.Messages, quota.OwnMessages ?? asked.Options.QuotaMessages);
        return root is { OctetLimit: 0, MessageLimit: 0 } ? null : root;
    }
}
