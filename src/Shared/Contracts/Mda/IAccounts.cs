using System.Net;
using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>The accounts of the message store. Mda implements it; Mta and Mua ask it who somebody is, the command line administers it.</summary>
public interface IAccounts
{
    /// <summary>Checks a name and a password. Costs about 100 ms of processor by design (Argon2id, RFC 9106); never logs the password.</summary>
    /// <param name="client">Where the client connects from; <see langword="null"/> where it has no IP address.</param>
    /// <remarks>Where failures have gone before it waits some seconds, or says <see cref="AuthenticationOutcome.TooManyFailures"/> at once.</remarks>
    ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, string password, IPAddress? client, CancellationToken cancellationToken);

    /// <summary>Checks a proof of SCRAM-SHA-256 (RFC 7677), with the same care for failures.</summary>
    ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, ScramProof proof, IPAddress? client, CancellationToken cancellationToken);

    /// <summary>With what a client makes its proof. A name that is not here has an answer too, always the same, so that nobody learns who is.</summary>
    /// <returns><see langword="null"/> when it cannot be found out now.</returns>
    ValueTask<ScramSalt?> FindScramSaltAsync(string userName, CancellationToken cancellationToken);

    /// <summary>The account that owns the address itself, not through an alias; <see langword="null"/> when there is none.</summary>
    ValueTask<Account?> FindAsync(EnvelopeAddress address, CancellationToken cancellationToken);

    ValueTask<Account?> FindAsync(AccountId id, CancellationToken cancellationToken);

    /// <summary>All accounts by address.</summary>
    ValueTask<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Makes an account with its mailboxes; durable when the task is done.</summary>
    ValueTask<AccountChange> AddAsync(EnvelopeAddress address, string password, string? displayName, CancellationToken cancellationToken);

    /// <summary>Makes the account an administrator, or takes that right away, which holds from then on; durable when the task is done.</summary>
    ValueTask<AccountChange> SetAdministratorAsync(EnvelopeAddress address, bool isAdministrator, CancellationToken cancellationToken);

    ValueTask<AccountChange> SetPasswordAsync(EnvelopeAddress address, string password, CancellationToken cancellationToken);

    /// <summary>Deletes the account with all its mail; there is no way back.</summary>
    ValueTask<AccountChange> RemoveAsync(EnvelopeAddress address, CancellationToken cancellationToken);
}

/// <param name="DisplayName">The person's name as From shows it.</param>
public sealed record Account(AccountId Id, EnvelopeAddress Address, string? DisplayName)
{
    /// <summary>Whether the account may look after the queue and the clock, as it was when this was read; nobody is unless somebody made them one.</summary>
    public bool IsAdministrator { get; init; }
}

/// <param name="Salt">Octets.</param>
/// <param name="Iterations">Rounds of PBKDF2.</param>
public sealed record ScramSalt(ReadOnlyMemory<byte> Salt, int Iterations);

/// <param name="AuthMessage">All that was said in the exchange (RFC 5802 §3).</param>
public sealed record ScramProof(ReadOnlyMemory<byte> AuthMessage, ReadOnlyMemory<byte> ClientProof);

public abstract record AuthenticationOutcome
{
    private AuthenticationOutcome()
    {
    }

    public sealed record Accepted(Account Account) : AuthenticationOutcome
    {
        /// <summary>After a proof of SCRAM: what proves to the client that we know its key (RFC 5802 §3).</summary>
        public ReadOnlyMemory<byte> ServerSignature { get; init; }
    }

    /// <summary>Wrong name or wrong password; which of them is not told.</summary>
    public sealed record Refused : AuthenticationOutcome;

    /// <summary>As <see cref="Refused"/>, or the account has no keys for SCRAM yet: they are made when it signs in by its password.</summary>
    public sealed record RefusedOrTransitionNeeded : AuthenticationOutcome;

    /// <summary>Not checked: too many attempts have failed.</summary>
    /// <param name="RetryAfter">When the next attempt will be checked.</param>
    public sealed record TooManyFailures(TimeSpan RetryAfter) : AuthenticationOutcome;

    /// <summary>It could not be found out now.</summary>
    public sealed record Unavailable(string Reason) : AuthenticationOutcome;
}

public abstract record AccountChange
{
    private AccountChange()
    {
    }

    public sealed record Done(Account Account) : AccountChange;

    /// <summary>Nothing was changed; the reason names the remedy.</summary>
    public sealed record Refused(string Reason) : AccountChange;
}
