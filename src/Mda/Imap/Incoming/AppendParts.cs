using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Incoming;

/// <summary>What reading messages from a client needs.</summary>
internal sealed record AppendParts(MessageStaging Staging, UrlContents Urls, ImapOptions Options);
