using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>The accounts of the message store. Mda implements it; Mta and Mua ask it who somebody is, the command line administers it.</summary>
public interface IAccounts
{
    /// <summary>Checks a name and a password. Costs about 100 ms of processor by design (Argon2id, RFC 9106); never logs either.</summary>
    ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken);

    /// <summary>The account that owns the address itself, not through an alias; <see langword="null"/> when there is none.</summary>
    ValueTask<Account?> FindAsync(EnvelopeAddress address, CancellationToken cancellationToken);

    ValueTask<Account?> FindAsync(AccountId id, CancellationToken cancellationToken);

    /// <summary>All accounts by address.</summary>
    ValueTask<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Makes an account with its mailboxes; durable when the task is done.</summary>
    ValueTask<AccountChange> AddAsync(EnvelopeAddress address, string password, string? displayName, CancellationToken cancellationToken);

    ValueTask<AccountChange> SetPasswordAsync(EnvelopeAddress address, string password, CancellationToken cancellationToken);

    /// <summary>Deletes the account with all its mail; there is no way back.</summary>
    ValueTask<AccountChange> RemoveAsync(EnvelopeAddress address, CancellationToken cancellationToken);
}

/// <param name="DisplayName">The person's name as From shows it.</param>
public sealed record Account(AccountId Id, EnvelopeAddress Address, string? DisplayName);

public abstract record AuthenticationOutcome
{
    private AuthenticationOutcome()
    {
    }

    public sealed record Accepted(Account Account) : AuthenticationOutcome;

    /// <summary>Wrong name or wrong password; which of them is not told.</summary>
    public sealed record Refused : AuthenticationOutcome;

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
