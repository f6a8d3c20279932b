using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Incoming;

/// <summary>How APPEND and REPLACE end. Codes are those of RFC 9051 §7.1 unless it is said.</summary>
internal static class AppendAnswers
{
    public static readonly ImapAnswer TooManyMessages = ImapAnswer.No("These are more messages than one command may bring.", "LIMIT");
    public static readonly ImapAnswer Utf8NotEnabled = ImapAnswer.Bad("Say ENABLE UTF8=ACCEPT first.");
    public static readonly ImapAnswer NulInLiteral = ImapAnswer.Bad("A message with NULs comes as a literal8.");
    public static readonly ImapAnswer Cancelled = ImapAnswer.No("Nothing was appended.");

    /// <summary>RFC 7889 §4, RFC 4469 §4.2.</summary>
    public static readonly ImapAnswer TooBig = ImapAnswer.No("The message is larger than is taken.", "TOOBIG");

    /// <summary>RFC 4469 §4.1.</summary>
    public static ImapAnswer BadUrl(string url) => ImapAnswer.No(
        "There is nothing at this URL.", url.Length <= 500 && url.All(c => c is > ' ' and <= '~' and not ('"' or '\\' or ']')) ? $"BADURL {url}" : null);
}
