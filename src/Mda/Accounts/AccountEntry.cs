using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>An account as deliveries and sign-ins need it.</summary>
/// <param name="Inbox">Its INBOX.</param>
internal sealed record AccountEntry(Account Account, MailboxId Inbox)
{
    internal FilingTarget Target => new(Account.Id, Inbox);
}
