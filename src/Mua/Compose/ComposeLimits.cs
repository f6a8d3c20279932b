namespace MailSuite.Mua.Compose;

/// <summary>How much one may write; the size of the whole message is <c>MuaOptions.MaxMessageOctets</c>.</summary>
internal static class ComposeLimits
{
    /// <summary>Recipients of one message, as <c>MtaOptions.MaxRecipients</c> has them by default.</summary>
    internal const int MaxRecipients = 1000;

    /// <summary>Characters of one address field.</summary>
    internal const int MaxAddressFieldCharacters = 100_000;

    /// <summary>Characters of the subject. A line is 998 octets at most (RFC 5322 §2.1.1), and longer subjects are folded; this is what anybody reads.</summary>
    internal const int MaxSubjectCharacters = 900;

    /// <summary>Characters of the text.</summary>
    internal const int MaxTextCharacters = 4 * 1024 * 1024;

    /// <summary>Files that are attached to one message.</summary>
    internal const int MaxAttachments = 100;

    /// <summary>msg-ids in References; the first and the last ones are kept, as long threads are cut by everybody (RFC 5536 §3.2.10 asks the same of news).</summary>
    internal const int MaxReferences = 30;

    /// <summary>Characters of a quoted text.</summary>
    internal const int MaxQuotedCharacters = 200_000;

    /// <summary>How long uploaded files wait for their message to be sent.</summary>
    internal static readonly TimeSpan ShelfLife = TimeSpan.FromDays(2);
}
