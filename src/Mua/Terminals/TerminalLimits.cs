namespace MailSuite.Mua.Terminals;

/// <summary>How much is shown to somebody who did not ask for it.</summary>
internal static class TerminalLimits
{
    /// <summary>Characters of a text that is shown whole; a longer one is cut when the mailbox has it too, and else not shown.</summary>
    internal const int MaxTextCharacters = 4_000;

    /// <summary>Characters of a subject or of a name.</summary>
    internal const int MaxLineCharacters = 200;

    /// <summary>Messages on one screen; the next one is told that nobody is there.</summary>
    internal const int MaxNotices = 20;

    /// <summary>How long a page has to say that it shows a message.</summary>
    internal static readonly TimeSpan ShowTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long messages wait for the next page after the last one was left: as long as a page takes to load, with patience.</summary>
    internal static readonly TimeSpan BetweenPages = TimeSpan.FromMinutes(1);
}
