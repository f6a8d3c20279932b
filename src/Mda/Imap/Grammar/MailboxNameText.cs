using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>Names of mailboxes on the wire: modified UTF-7 (RFC 3501 §5.1.3), or UTF-8 where the client has said so (RFC 9051 §5.1, RFC 6855 §3).</summary>
internal static class MailboxNameText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    private static readonly SearchValues<char> Direct = SearchValues.Create(Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c != '&').ToArray());

    /// <summary>Decodes a name; INBOX in any case is <c>INBOX</c>, at the head of a longer name too.</summary>
    /// <returns><see langword="false"/> for octets that are no text, and for controls.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> octets, bool utf8, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (!Utf8.IsValid(octets))
            return false;

        var text = Encoding.UTF8.GetString(octets);
        if (!utf8 && text.Contains('&', StringComparison.Ordinal) && Ascii.IsValid(text) && !TryDecodeUtf7(text, out text))
            return false;
        if (text.AsSpan().ContainsAnyInRange('\0', '\u001F') || text.AsSpan().ContainsAnyInRange('\u007F', '\u009F'))
            return false;

        const string Inbox = "INBOX";
        name = text.StartsWith(Inbox, StringComparison.OrdinalIgnoreCase) && (text.Length == Inbox.Length || text[Inbox.Length] == '/') ? Inbox + text[Inbox.Length..] : text;
        return true;
    }

    /// <summary>As a client hears it.</summary>
    public static string Encode(string name, bool utf8)
    {
        if (utf8 || !name.AsSpan().ContainsAnyExcept(Direct))
            return name;

        var encoded = new StringBuilder(name.Length + 16);
        var bits = 0;
        var count = 0;
        var inside = false;
        foreach (var c in name)
        {
            if (c is >= ' ' and <= '~')
            {
                Leave();
                encoded.Append(c);
                if (c == '&')
                    encoded.Append('-');
                continue;
            }

            if (!inside)
                encoded.Append('&');
            inside = true;
            bits = (bits << 16) | c;
            for (count += 16; count >= 6; count -= 6)
                encoded.Append(Alphabet[(bits >> (count - 6)) & 0x3F]);
            bits &= (1 << count) - 1;
        }

        Leave();
        return encoded.ToString();

        void Leave()
        {
            if (!inside)
                return;
            if (count > 0)
                encoded.Append(Alphabet[(bits << (6 - count)) & 0x3F]);
            encoded.Append('-');
            bits = count = 0;
            inside = false;
        }
    }

    private static bool TryDecodeUtf7(string text, out string decoded)
    {
        var result = new StringBuilder(text.Length);
        decoded = text;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '&')
            {
                result.Append(text[at]);
                continue;
            }

            var end = text.IndexOf('-', at);
            if (end < 0)
                return false;
            if (end == at + 1)
                result.Append('&');
            else if (!TryDecodeRun(text.AsSpan(at + 1, end - at - 1), result))
                return false;
            at = end;
        }

        decoded = result.ToString();
        return true;
    }

    private static bool TryDecodeRun(ReadOnlySpan<char> run, StringBuilder result)
    {
        var bits = 0;
        var count = 0;
        char high = '\0';
        foreach (var c in run)
        {
            var value = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
                return false;
            bits = (bits << 6) | value;
            count += 6;
            if (count < 16)
                continue;

            count -= 16;
            var unit = (char)((bits >> count) & 0xFFFF);
            bits &= (1 << count) - 1;
            // What can be written as itself must be, or one mailbox would have two names (RFC 3501 §5.1.3).
            if (unit is >= ' ' and <= '~' || char.IsLowSurrogate(unit) != (high != '\0'))
                return false;
            high = char.IsHighSurrogate(unit) ? unit : '\0';
            result.Append(unit);
        }

        return high == '\0' && count < 6 && bits == 0;
    }
}
