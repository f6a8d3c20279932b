using System.Net;
using System.Text;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>The accounts: made, removed, signed in to.</summary>
internal sealed class AccountRegistry(MailStore store, AccountDirectory directory, SignIns signIns, PasswordHasher hasher, LocalDomains domains, TimeProvider clock) : IAccounts
{
    /// <summary>A longer one is refused: nobody types it, and hashing it would be work for an attacker to give.</summary>
    internal const int MaxPasswordOctets = 1024;

    private const int MaxDisplayName = 200;

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, string password, IPAddress? client, CancellationToken cancellationToken) =>
        signIns.AuthenticateAsync(userName, password, client, cancellationToken);

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, ScramProof proof, IPAddress? client, CancellationToken cancellationToken) =>
        signIns.AuthenticateAsync(userName, proof, client, cancellationToken);

    public ValueTask<ScramSalt?> FindScramSaltAsync(string userName, CancellationToken cancellationToken) =>
        signIns.FindScramSaltAsync(userName, cancellationToken);

    public async ValueTask<Account?> FindAsync(EnvelopeAddress address, CancellationToken cancellationToken) =>
        (await store.ReadAsync(AddressKey.Of(address), AccountStatements.Find, cancellationToken))?.Account;

    public async ValueTask<Account?> FindAsync(AccountId id, CancellationToken cancellationToken) =>
        (await store.ReadAsync(id, AccountStatements.Find, cancellationToken))?.Account;

    public ValueTask<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken) =>
        store.ReadAsync(0, static (connection, _) => AccountStatements.List(connection), cancellationToken);

    public ValueTask<AccountChange> AddAsync(EnvelopeAddress address, string password, string? displayName, CancellationToken cancellationToken) =>
        OrRefusedAsync(() => TryAddAsync(address, password, displayName, cancellationToken));

    public ValueTask<AccountChange> SetAdministratorAsync(EnvelopeAddress address, bool isAdministrator, CancellationToken cancellationToken) =>
        OrRefusedAsync(() => TrySetAdministratorAsync(address, isAdministrator, cancellationToken));

    public ValueTask<AccountChange> SetPasswordAsync(EnvelopeAddress address, string password, CancellationToken cancellationToken) =>
        OrRefusedAsync(() => TrySetPasswordAsync(address, password, cancellationToken));

    public ValueTask<AccountChange> RemoveAsync(EnvelopeAddress address, CancellationToken cancellationToken) =>
        OrRefusedAsync(() => TryRemoveAsync(address, cancellationToken));

    private static async ValueTask<AccountChange> OrRefusedAsync(Func<Task<AccountChange>> change)
    {
        try
        {
            return await change();
        }
        catch (StoreFault fault)
        {
            return new AccountChange.Refused($"{fault.Reason} Try again. ({fault.Message})");
        }
    }

    private async Task<AccountChange> TryAddAsync(EnvelopeAddress address, string password, string? displayName, CancellationToken cancellationToken)
    {
        if (domains.AliasOf(address.Domain) is { } kept)
            return new AccountChange.Refused($"{address.Domain} is another name of {kept} (DomainAliases): make {address.LocalPart}@{kept}, which is both.");
        if (!domains.Contains(address.Domain))
            return new AccountChange.Refused($"{address.Domain} is not among the domains of this server ({domains}). Add it to the configuration first.");
        if (displayName is { Length: > MaxDisplayName } || displayName?.Any(char.IsControl) == true)
            return new AccountChange.Refused($"The display name must be one line of at most {MaxDisplayName} characters.");
        if (Judge(password) is { } reason)
            return new AccountChange.Refused(reason);
        if (await FindAsync(address, cancellationToken) is { } present)
            return AlreadyThere(present.Address);

        var stored = await hasher.StoreAsync(password.Normalize(NormalizationForm.FormC), cancellationToken);
        var now = clock.GetUtcNow();
        var added = await store.WriteAsync(turn => AccountStatements.Add(turn, address, stored, displayName, now), takesSpace: true, cancellationToken);
        return added is null ? AlreadyThere(address) : new AccountChange.Done(added.Account);
    }

    private async Task<AccountChange> TrySetPasswordAsync(EnvelopeAddress address, string password, CancellationToken cancellationToken)
    {
        if (Judge(password) is { } reason)
            return new AccountChange.Refused(reason);
        if (await FindAsync(address, cancellationToken) is not { } account)
            return NotThere(address);

        var stored = await hasher.StoreAsync(password.Normalize(NormalizationForm.FormC), cancellationToken);
        var done = await store.WriteAsync(turn => AccountStatements.SetPassword(turn, account.Id, stored), takesSpace: false, cancellationToken);
        return done ? new AccountChange.Done(account) : NotThere(address);
    }

    private async Task<AccountChange> TrySetAdministratorAsync(EnvelopeAddress address, bool isAdministrator, CancellationToken cancellationToken)
    {
        if (await FindAsync(address, cancellationToken) is not { } account)
            return NotThere(address);

        var done = await store.WriteAsync(turn => AccountStatements.SetAdministrator(turn, account.Id, isAdministrator), takesSpace: false, cancellationToken);
        directory.Forget();
        return done ? new AccountChange.Done(account with { IsAdministrator = isAdministrator }) : NotThere(address);
    }

    private async Task<AccountChange> TryRemoveAsync(EnvelopeAddress address, CancellationToken cancellationToken)
    {
        if (await FindAsync(address, cancellationToken) is not { } account)
            return NotThere(address);

        var now = clock.GetUtcNow();
        if (!await store.WriteAsync(turn => AccountStatements.Remove(turn, account.Id, now), takesSpace: false, cancellationToken))
            return NotThere(address);

        directory.Forget();
        try
        {
            await AccountRemoval.FinishAsync(store, account.Id, cancellationToken);
        }
        catch (StoreFault)
        {
            // The account is gone, and so it is told. The upkeep goes on with the mail.
        }

        return new AccountChange.Done(account);
    }

    private static string? Judge(string password)
    {
        if (string.IsNullOrEmpty(password))
            return "The password must not be empty.";
        if (Encoding.UTF8.GetByteCount(password) > MaxPasswordOctets)
            return $"The password may have at most {MaxPasswordOctets} octets.";
        return null;
    }

    private static AccountChange.Refused AlreadyThere(EnvelopeAddress address) => new($"There is an account {address} already.");

    private static AccountChange.Refused NotThere(EnvelopeAddress address) => new($"There is no account {address}.");
}
