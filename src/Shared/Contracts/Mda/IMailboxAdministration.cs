namespace MailSuite.Shared.Contracts.Mda;

/// <summary>The mailboxes of accounts and what they may hold, for whoever operates the server. Mda implements it, the command line calls it.</summary>
/// <remarks>Changes are durable when the task is done.</remarks>
public interface IMailboxAdministration
{
    /// <summary>All mailboxes of the account by name.</summary>
    ValueTask<IReadOnlyList<AdministeredMailbox>> ListAsync(AccountId account, CancellationToken cancellationToken);

    /// <summary>Makes a mailbox, with those above it that are not there, and subscribes it.</summary>
    ValueTask<MailboxChange> CreateAsync(AccountId account, string name, CancellationToken cancellationToken);

    /// <summary>Removes a mailbox with its messages; there is no way back. Those below it stay.</summary>
    ValueTask<MailboxChange> DeleteAsync(AccountId account, string name, CancellationToken cancellationToken);

    /// <summary>Moves a mailbox with those below it to another name.</summary>
    ValueTask<MailboxChange> RenameAsync(AccountId account, string name, string newName, CancellationToken cancellationToken);

    /// <summary>Says what somebody else may do with a mailbox; it takes the place of what they might before.</summary>
    /// <param name="with">The address of an account here, or <c>anyone</c>.</param>
    /// <param name="rights">The letters of RFC 4314 §2.1; none for no right at all.</param>
    ValueTask<MailboxChange> ShareAsync(AccountId account, string name, string with, string rights, CancellationToken cancellationToken);

    /// <summary>What the account holds and may hold; <see langword="null"/> when there is no such account.</summary>
    ValueTask<AccountUsage?> FindUsageAsync(AccountId account, CancellationToken cancellationToken);

    /// <summary>Sets what the account may hold.</summary>
    /// <param name="octets">0 for no limit; <see langword="null"/> for what the configuration says.</param>
    /// <param name="messages">Likewise.</param>
    /// <returns>Whether there is such an account.</returns>
    ValueTask<bool> SetQuotaAsync(AccountId account, long? octets, long? messages, CancellationToken cancellationToken);
}

/// <param name="Name">Levels are separated by <c>/</c>.</param>
/// <param name="Octets">Of all its messages.</param>
/// <param name="SharedWith">Who else may use it, by name; with <c>-</c> in front whose rights are taken away.</param>
public sealed record AdministeredMailbox(
    string Name, SpecialUse Use, long Messages, long Unseen, long Octets, bool IsSubscribed, IReadOnlyList<MailboxShare> SharedWith);

/// <param name="Rights">The letters of RFC 4314 §2.1.</param>
public sealed record MailboxShare(string With, string Rights);

/// <param name="OctetLimit">What holds now; 0 for no limit.</param>
/// <param name="MessageLimit">Likewise.</param>
/// <param name="OwnOctetLimit">What was set for this account alone; <see langword="null"/> for what the configuration says.</param>
/// <param name="OwnMessageLimit">Likewise.</param>
/// <param name="FullSince">Since when mail has been turned away because the account is over its quota; <see langword="null"/> when there is room.</param>
public sealed record AccountUsage(long Octets, long OctetLimit, long Messages, long MessageLimit, long? OwnOctetLimit, long? OwnMessageLimit, DateTimeOffset? FullSince);

public abstract record MailboxChange
{
    private MailboxChange()
    {
    }

    /// <param name="Name">The name in its one form.</param>
    public sealed record Done(string Name) : MailboxChange;

    /// <summary>Nothing was changed; the reason is a sentence.</summary>
    public sealed record Refused(string Reason) : MailboxChange;
}
