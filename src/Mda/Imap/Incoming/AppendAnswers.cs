using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Store;

namespace MailSuite.Mda.Imap.Incoming;

/// <summary>How APPEND and REPLACE end. Codes are those of RFC 9051 §7.1 unless it is said.</summary>
internal static class AppendAnswers
{
    /// <summary>Asked for by RFC 9051 §6.3.12: the client may CREATE it and come again.</summary>
    public static readonly ImapAnswer NoSuchMailbox = ImapAnswer.No("There is no such mailbox.", "TRYCREATE");
    public static readonly ImapAnswer NoPermission = ImapAnswer.No("You may not put messages there.", "NOPERM");
    public static readonly ImapAnswer OverQuota = ImapAnswer.No("The account is full.", "OVERQUOTA");
    public static readonly ImapAnswer TooManyMessages = ImapAnswer.No("These are more messages than one command may bring.", "LIMIT");
    public static readonly ImapAnswer TooManyKeywords = ImapAnswer.No("These are more or longer keywords than a message may have.", "LIMIT");
    public static readonly ImapAnswer Utf8NotEnabled = ImapAnswer.Bad("Say ENABLE UTF8=ACCEPT first.");
    public static readonly ImapAnswer NulInLiteral = ImapAnswer.Bad("A message with NULs comes as a literal8.");
    public static readonly ImapAnswer Cancelled = ImapAnswer.No("Nothing was appended.");

    /// <summary>RFC 7889 §4, RFC 4469 §4.2.</summary>
    public static readonly ImapAnswer TooBig = ImapAnswer.No("The message is larger than is taken.", "TOOBIG");

    /// <summary>RFC 4469 §4.1.</summary>
    public static ImapAnswer BadUrl(string url) => ImapAnswer.No(
        "There is nothing at this URL.", url.Length <= 500 && url.All(c => c is > ' ' and <= '~' and not ('"' or '\\' or ']')) ? $"BADURL {url}" : null);

    /// <summary>A change of the store that did not happen; <see langword="null"/> when it did.</summary>
    public static ImapAnswer? Of(StoreResult result) => result switch
    {
        StoreResult.Done => null,
        StoreResult.OverQuota => OverQuota,
        StoreResult.NoRoom => ImapAnswers.Unavailable,
        StoreResult.TooManyKeywords => TooManyKeywords,
        _ => NoSuchMailbox,
    };
}
