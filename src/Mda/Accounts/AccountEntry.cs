using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>An account as deliveries and sign-ins need it.</summary>
/// <param name="Inbox">Its INBOX.</param>
/// <param name="Junk">Its mailbox for mail in quarantine; INBOX when it has none.</param>
internal sealed record AccountEntry(Account Account, MailboxId Inbox, MailboxId Junk)
{
    internal FilingTarget Target(SpecialUse use) => new(Account.Id, use == SpecialUse.Junk ? Junk : Inbox);
}
