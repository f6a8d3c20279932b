using MailSuite.Mda.Imap.Fetching;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Notifying;

/// <summary>From whom NOTIFY hears what happens.</summary>
internal sealed record NotifyTools(MailboxNames Names, MailboxChanges Messages, NamespaceChanges Mailboxes, FetchTools Fetching, ImapOptions Options);
