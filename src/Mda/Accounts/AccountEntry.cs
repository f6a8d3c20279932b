using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>An account as deliveries and sign-ins need it.</summary>
/// <param name="Inbox">Its INBOX.</param>
/// <param name="Junk">Its mailbox for mail in quarantine; INBOX when it has none.</param>
/// <param name="OwnOctets">Octets that it may hold; <see langword="null"/> for what the configuration says, 0 for no limit.</param>
/// <param name="OwnMessages">Messages that it may hold, likewise.</param>
internal sealed record AccountEntry(Account Account, MailboxId Inbox, MailboxId Junk, long? OwnOctets, long? OwnMessages)
{
    /// <summary>The detail of the address by which it was found (RFC 5233); <see langword="null"/> for none.</summary>
    internal string? Detail { get; init; }

    /// <summary>The mailbox that the detail names, which takes the place of INBOX.</summary>
    internal (MailboxId Id, string Name)? Named { get; init; }

    internal FilingTarget Target(SpecialUse use) => new(Account.Id, use == SpecialUse.Junk ? Junk : Named?.Id ?? Inbox);

    /// <summary>What the mailbox of <see cref="Target"/> is called, for people.</summary>
    internal string NameOf(SpecialUse use) => use == SpecialUse.Junk ? "Junk" : Named?.Name ?? "INBOX";
}
