using System.Collections.Concurrent;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Testing;

/// <summary>Accounts in memory, signed in to by their address and password.</summary>
public sealed class FakeAccounts : IAccounts
{
    private readonly ConcurrentDictionary<EnvelopeAddress, (Account Account, string Password)> _accounts = new();

    /// <summary>Whether nobody can be checked now.</summary>
    public bool IsDown { get; set; }

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken)
    {
        if (IsDown)
            return new(new AuthenticationOutcome.Unavailable("the database is locked"));

        return new(EnvelopeAddress.TryParse(userName, out var address) && _accounts.TryGetValue(address, out var known) && known.Password == password
            ? new AuthenticationOutcome.Accepted(known.Account)
            : new AuthenticationOutcome.Refused());
    }

    public ValueTask<Account?> FindAsync(EnvelopeAddress address, CancellationToken cancellationToken) =>
        new(_accounts.TryGetValue(address, out var known) ? known.Account : null);

    public ValueTask<Account?> FindAsync(AccountId id, CancellationToken cancellationToken) =>
        new(_accounts.Values.Select(known => known.Account).FirstOrDefault(account => account.Id == id));

    public ValueTask<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken) =>
        new([.. _accounts.Values.Select(known => known.Account).OrderBy(account => account.Address.ToString(), StringComparer.Ordinal)]);

    public ValueTask<AccountChange> AddAsync(EnvelopeAddress address, string password, string? displayName, CancellationToken cancellationToken)
    {
        var account = new Account(new AccountId(_accounts.Count + 1), address, displayName);
        return new(_accounts.TryAdd(address, (account, password)) ? new AccountChange.Done(account) : new AccountChange.Refused("it exists"));
    }

    public ValueTask<AccountChange> SetPasswordAsync(EnvelopeAddress address, string password, CancellationToken cancellationToken)
    {
        if (!_accounts.TryGetValue(address, out var known))
            return new(new AccountChange.Refused("there is no such account"));

        _accounts[address] = (known.Account, password);
        return new(new AccountChange.Done(known.Account));
    }

    public ValueTask<AccountChange> RemoveAsync(EnvelopeAddress address, CancellationToken cancellationToken) =>
        new(_accounts.TryRemove(address, out var known) ? new AccountChange.Done(known.Account) : new AccountChange.Refused("there is no such account"));
}
