using System.Text;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Accounts;

/// <summary>The accounts: made, removed, signed in to.</summary>
internal sealed partial class AccountRegistry(
    MailStore store, AccountDirectory directory, PasswordHasher hasher, LocalDomains domains, MdaOptions options, TimeProvider clock, ILogger<AccountRegistry> logger) : IAccounts
{
    /// <summary>A longer one is refused: nobody types it, and hashing it would be work for an attacker to give.</summary>
    internal const int MaxPasswordOctets = 1024;

    private const int MaxDisplayName = 200;

    private readonly VerifiedLogins _verified = new(clock);

    public async ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken)
    {
        try
        {
            if (!TryReadUserName(userName, out var address))
                return await RefuseSlowlyAsync(password, cancellationToken);

            if (options.EveryoneIsLocal)
                return new AuthenticationOutcome.Accepted((await directory.FindOrAddAsync(address, cancellationToken)).Account);

            return await VerifyAsync(address, password.Normalize(NormalizationForm.FormC), cancellationToken);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair in the password: nothing that was stored can equal it.
            return new AuthenticationOutcome.Refused();
        }
        catch (Exception exception) when (exception is StoreFault or HasherBusyException)
        {
            LogUnavailable(logger, exception);
            return new AuthenticationOutcome.Unavailable(exception is StoreFault fault ? fault.Reason : exception.Message);
        }
    }

    public async ValueTask<Account?> FindAsync(EnvelopeAddress address, CancellationToken cancellationToken) =>
        (await store.ReadAsync(AddressKey.Of(address), AccountStatements.Find, cancellationToken))?.Account;

    public async ValueTask<Account?> FindAsync(AccountId id, CancellationToken cancellationToken) =>
        (await store.ReadAsync(id, AccountStatements.Find, cancellationToken))?.Account;

    public ValueTask<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken) =>
        store.ReadAsync(0, static (connection, _) => AccountStatements.List(connection), cancellationToken);

    public ValueTask<AccountChange> AddAsync(EnvelopeAddress address, string password, string? displayName, CancellationToken cancellationToken) =>
        OrRefusedAsync(() => TryAddAsync(address, password, displayName, cancellationToken));

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
        if (!domains.Contains(address.Domain))
            return new AccountChange.Refused($"{address.Domain} is not among the domains of this server ({domains}). Add it to the configuration first.");
        if (displayName is { Length: > MaxDisplayName } || displayName?.Any(char.IsControl) == true)
            return new AccountChange.Refused($"The display name must be one line of at most {MaxDisplayName} characters.");
        if (Judge(password) is { } reason)
            return new AccountChange.Refused(reason);
        if (await FindAsync(address, cancellationToken) is { } present)
            return AlreadyThere(present.Address);

        var hash = await hasher.HashAsync(password.Normalize(NormalizationForm.FormC), cancellationToken);
        var now = clock.GetUtcNow();
        var added = await store.WriteAsync(turn => AccountStatements.Add(turn, address, hash.ToString(), displayName, now), takesSpace: true, cancellationToken);
        return added is null ? AlreadyThere(address) : new AccountChange.Done(added.Account);
    }

    private async Task<AccountChange> TrySetPasswordAsync(EnvelopeAddress address, string password, CancellationToken cancellationToken)
    {
        if (Judge(password) is { } reason)
            return new AccountChange.Refused(reason);
        if (await FindAsync(address, cancellationToken) is not { } account)
            return NotThere(address);

        var hash = await hasher.HashAsync(password.Normalize(NormalizationForm.FormC), cancellationToken);
        var done = await store.WriteAsync(turn => AccountStatements.SetPassword(turn, account.Id, hash.ToString()), takesSpace: false, cancellationToken);
        return done ? new AccountChange.Done(account) : NotThere(address);
    }

    private async Task<AccountChange> TryRemoveAsync(EnvelopeAddress address, CancellationToken cancellationToken)
    {
        if (await FindAsync(address, cancellationToken) is not { } account)
            return NotThere(address);

        var now = clock.GetUtcNow();
        if (!await store.WriteAsync(turn => AccountStatements.Remove(turn, account.Id, now), takesSpace: false, cancellationToken))
            return NotThere(address);

        directory.Forget();
        await AccountRemoval.FinishAsync(store, account.Id, cancellationToken);
        return new AccountChange.Done(account);
    }

    private async ValueTask<AuthenticationOutcome> VerifyAsync(EnvelopeAddress address, string password, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(AddressKey.Of(address), static (connection, key) =>
            AccountStatements.Find(connection, key) is { } entry ? (entry.Account, Hash: AccountStatements.Password(connection, entry.Account.Id)) : default, cancellationToken);
        if (found.Hash is null || !Argon2idHash.TryParse(found.Hash, out var hash))
            return await RefuseSlowlyAsync(password, cancellationToken);

        if (_verified.Contains(found.Account.Id, password, found.Hash))
            return new AuthenticationOutcome.Accepted(found.Account);

        if (Encoding.UTF8.GetByteCount(password) > MaxPasswordOctets)
            return await RefuseSlowlyAsync(string.Empty, cancellationToken);
        if (!await hasher.VerifyAsync(hash, password, cancellationToken))
            return new AuthenticationOutcome.Refused();

        var stored = found.Hash;
        if (hash.IsOutdated)
        {
            var renewed = (await hasher.HashAsync(password, cancellationToken)).ToString();
            if (await store.WriteAsync(turn => AccountStatements.ReplaceHash(turn, found.Account.Id, found.Hash, renewed), takesSpace: false, cancellationToken))
                stored = renewed;
        }

        _verified.Add(found.Account.Id, password, stored);
        return new AuthenticationOutcome.Accepted(found.Account);
    }

    /// <summary>A name that is not there costs the time of one that is, so that names cannot be found out by the clock.</summary>
    private async ValueTask<AuthenticationOutcome> RefuseSlowlyAsync(string password, CancellationToken cancellationToken)
    {
        await hasher.VerifyAsync(null, password.Length > MaxPasswordOctets ? string.Empty : password, cancellationToken);
        return new AuthenticationOutcome.Refused();
    }

    /// <summary>A user name is an address; one without a domain is taken for the first domain.</summary>
    private bool TryReadUserName(string userName, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EnvelopeAddress? address) =>
        EnvelopeAddress.TryParse(userName, out address)
        || (!userName.Contains('@', StringComparison.Ordinal) && EnvelopeAddress.TryCreate(userName, domains.First, out address));

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in could not be checked.")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);
}
