using MailSuite.Mda.Store;

namespace MailSuite.Mda.Imap.Fetching;

/// <summary>What a FETCH works with.</summary>
internal sealed record FetchTools(MailStore Store, MessageStore Messages, FirstReadings FirstReadings, ExpungeHistory Expunged);
