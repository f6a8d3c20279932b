using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailSuite.Mda.Mailboxes;

/// <summary>A mailbox name in the one form that is kept: NFC, levels separated by <c>/</c>, INBOX in capitals (RFC 9051 §5.1).</summary>
internal readonly record struct MailboxName
{
    /// <summary>Octets of UTF-8 in a name. RFC 9051 has no bound; this one fits every client that we know of.</summary>
    internal const int MaxOctets = 1000;

    /// <summary>Levels of a name.</summary>
    internal const int MaxDepth = 32;

    internal const char Separator = '/';

    internal const string Inbox = "INBOX";

    private MailboxName(string value) => Value = value;

    internal string Value { get; }

    internal bool IsInbox => Value == Inbox;

    /// <summary>The name one level up; <see langword="null"/> at the top.</summary>
    internal MailboxName? Superior => SuperiorOf(Value) is { } superior ? new MailboxName(superior) : null;

    /// <summary>Brings a name into its one form.</summary>
    /// <param name="reason">Why it is none: a sentence.</param>
    internal static bool TryParse(string text, out MailboxName name, [NotNullWhen(false)] out string? reason)
    {
        name = default;
        reason = Judge(text);
        if (reason is not null)
            return false;

        text = text.Normalize(NormalizationForm.FormC);
        if (Encoding.UTF8.GetByteCount(text) > MaxOctets)
        {
            reason = $"A mailbox name has at most {MaxOctets} octets.";
            return false;
        }

        name = new MailboxName(FoldInbox(text));
        return true;
    }

    internal static bool TryParse(string text, out MailboxName name) => TryParse(text, out name, out _);

    /// <summary>The name one level above a name of the kept form; <see langword="null"/> at the top.</summary>
    internal static string? SuperiorOf(string name) => name.LastIndexOf(Separator) is var at and > 0 ? name[..at] : null;

    internal static bool IsInferior(string name, string superior) =>
        name.Length > superior.Length && name[superior.Length] == Separator && name.StartsWith(superior, StringComparison.Ordinal);

    /// <summary>The level INBOX is the same in every case, also above others: nobody wants two of them.</summary>
    internal static string FoldInbox(string name) =>
        name.StartsWith(Inbox, StringComparison.OrdinalIgnoreCase) && (name.Length == Inbox.Length || name[Inbox.Length] == Separator)
            ? Inbox + name[Inbox.Length..]
            : name;

    public override string ToString() => Value;

    private static string? Judge(string text)
    {
        if (text.Length == 0)
            return "A mailbox name is not empty.";
        if (text.Length > MaxOctets)
            return $"A mailbox name has at most {MaxOctets} octets.";
        if (text[0] == Separator || text[^1] == Separator || text.Contains("//", StringComparison.Ordinal))
            return "A level of a mailbox name is not empty.";
        if (text.AsSpan().Count(Separator) >= MaxDepth)
            return $"A mailbox name has at most {MaxDepth} levels.";

        foreach (var rune in text.EnumerateRunes())
        {
            // RFC 9051 §5.1: no controls, no line or paragraph separators. A lone surrogate comes as U+FFFD from the enumeration.
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 or 0xFEFF)
                return "A mailbox name has no control characters.";
            if (rune.Value == 0xFFFD)
                return "A mailbox name is made of valid Unicode.";
        }

        return null;
    }
}
