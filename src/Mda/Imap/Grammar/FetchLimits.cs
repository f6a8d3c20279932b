namespace MailSuite.Mda.Imap.Grammar;

/// <summary>What one FETCH may ask for. Beyond it a command is BAD; no client comes near.</summary>
internal static class FetchLimits
{
    /// <summary>Items of one FETCH.</summary>
    internal const int MaxItems = 64;

    /// <summary>Numbers of a section, which is how deep parts lie in parts: more than messages are taken apart.</summary>
    internal const int MaxPartNumbers = Mime.MimeLimits.MaxDepth;

    /// <summary>Names in HEADER.FIELDS.</summary>
    internal const int MaxFields = 128;
}
