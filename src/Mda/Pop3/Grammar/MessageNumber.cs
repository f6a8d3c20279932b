using System.Globalization;

namespace MailSuite.Mda.Pop3.Grammar;

/// <summary>The number of a message in a session: 1 and up (RFC 1939 §3). It is no UID and no sequence number of IMAP.</summary>
internal readonly record struct MessageNumber
{
    private MessageNumber(int value) => Value = value;

    public int Value { get; }

    /// <summary>Reads digits and nothing else; a number that no maildrop can have is one all the same, of no message.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MessageNumber number)
    {
        var isNumber = TryParseCount(text.TrimEnd(' '), out var value) && value > 0;
        number = new MessageNumber(value);
        return isNumber;
    }

    /// <summary>A number and a count of lines, of which 0 is one (RFC 1939 §7, TOP).</summary>
    public static bool TryParseTop(ReadOnlySpan<char> text, out MessageNumber number, out int lines)
    {
        text = text.TrimEnd(' ');
        var space = text.IndexOf(' ');
        number = default;
        lines = 0;
        return space > 0 && TryParse(text[..space], out number) && TryParseCount(text[(space + 1)..].TrimStart(' '), out lines);
    }

    private static bool TryParseCount(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
            value = int.MaxValue;
        return true;
    }
}
