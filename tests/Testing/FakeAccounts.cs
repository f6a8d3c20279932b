using System.Collections.Concurrent;
using System.Net;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Testing;

/// <summary>Accounts in memory, signed in to by their address and password.</summary>
public sealed class FakeAccounts : IAccounts
{
    private static readonly byte[] Salt = "a salt of 16 oct"u8.ToArray();

    private readonly ConcurrentDictionary<EnvelopeAddress, (Account Account, string Password)> _accounts = new();

    /// <summary>Whether nobody can be checked now.</summary>
    public bool IsDown { get; set; }

    /// <summary>What every attempt hears, whatever its password.</summary>
    public AuthenticationOutcome? Answer { get; set; }

    /// <summary>Where the last attempt came from.</summary>
    public IPAddress? LastClient { get; private set; }

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, string password, IPAddress? client, CancellationToken cancellationToken) =>
        new(Judge(client) ?? (Find(userName) is { } known && known.Password == password ? new AuthenticationOutcome.Accepted(known.Account) : new AuthenticationOutcome.Refused()));

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, ScramProof proof, IPAddress? client, CancellationToken cancellationToken)
    {
        if (Judge(client) is { } answer)
            return new(answer);

        return new(Find(userName) is { } known && KeysOf(known) is { } keys && keys.Verify(proof.AuthMessage.Span, proof.ClientProof.Span)
            ? new AuthenticationOutcome.Accepted(known.Account) { ServerSignature = keys.Sign(proof.AuthMessage.Span) }
            : new AuthenticationOutcome.Refused());
    }

    public ValueTask<ScramSalt?> FindScramSaltAsync(string userName, CancellationToken cancellationToken) =>
        new(IsDown ? null : new ScramSalt(Salt, ScramKeys.MinIterations));

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

    public ValueTask<AccountChange> SetAdministratorAsync(EnvelopeAddress address, bool isAdministrator, CancellationToken cancellationToken)
    {
        if (!_accounts.TryGetValue(address, out var known))
            return new(new AccountChange.Refused("there is no such account"));

        _accounts[address] = (known.Account with { IsAdministrator = isAdministrator }, known.Password);
        return new(new AccountChange.Done(_accounts[address].Account));
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

    private AuthenticationOutcome? Judge(IPAddress? client)
    {
        LastClient = client;
        return IsDown ? new AuthenticationOutcome.Unavailable("the database is locked") : Answer;
    }

    private (Account Account, string Password)? Find(string userName) =>
        EnvelopeAddress.TryParse(userName, out var address) && _accounts.TryGetValue(address, out var known) ? known : null;

    private static ScramKeys? KeysOf((Account Account, string Password) known) =>
        ScramKeys.TryDerive(known.Password, Salt, ScramKeys.MinIterations, out var keys) ? keys : null;
}
