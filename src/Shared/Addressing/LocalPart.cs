using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailSuite.Shared.Addressing;

/// <summary>The grammar of a local-part: dot-string or quoted-string (RFC 5321 §4.1.2), UTF-8 included (RFC 6531 §3.3).</summary>
internal static class LocalPart
{
    /// <summary>Octets of a local-part (RFC 5321 §4.5.3.1.1).</summary>
    internal const int MaxOctets = 64;

    private static readonly SearchValues<char> AsciiAtext =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~");

    /// <summary>Reads the local-part at the start of <paramref name="text"/>.</summary>
    /// <param name="value">Its meaning: without quotes and backslashes, since <c>"a"@b</c> and <c>a@b</c> are one mailbox.</param>
    /// <param name="consumed">Characters read, up to but not including the at-sign.</param>
    internal static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? value, out int consumed)
    {
        value = text is ['"', ..] ? ReadQuoted(text, out consumed) : ReadDotString(text, out consumed);
        // The limit is one of the wire, where quotes and backslashes count too.
        if (value is not null && HasWholeSurrogates(value) && Encoding.UTF8.GetByteCount(text[..consumed]) <= MaxOctets)
            return true;

        value = null;
        return false;
    }

    /// <summary>Writes the meaning back in wire form, quoted only where it must be (RFC 5321 §4.1.2).</summary>
    internal static string ToWire(string value) => IsDotString(value) ? value : Quote(value);

    private static string? ReadDotString(ReadOnlySpan<char> text, out int consumed)
    {
        consumed = 0;
        while (consumed < text.Length && (IsAtext(text[consumed]) || text[consumed] == '.'))
            consumed++;

        var part = text[..consumed];
        return IsDotString(part) ? part.ToString() : null;
    }

    private static string? ReadQuoted(ReadOnlySpan<char> text, out int consumed)
    {
        var meaning = new StringBuilder();
        for (consumed = 1; consumed < text.Length; consumed++)
        {
            var c = text[consumed];
            if (c == '"')
            {
                consumed++;
                return meaning.ToString();
            }

            if (c == '\\')
            {
                // quoted-pairSMTP: a backslash and any printable ASCII character or space.
                if (++consumed == text.Length || text[consumed] is < ' ' or > '~')
                    return null;
                meaning.Append(text[consumed]);
            }
            else if (c is >= ' ' and <= '~' || IsNonAscii(c))
            {
                meaning.Append(c);
            }
            else
            {
                return null;
            }
        }

        return null;
    }

    private static bool IsDotString(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty || part[0] == '.' || part[^1] == '.' || part.Contains("..", StringComparison.Ordinal))
            return false;

        foreach (var c in part)
        {
            if (c != '.' && !IsAtext(c))
                return false;
        }

        return true;
    }

    private static string Quote(string value)
    {
        var wire = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\')
                wire.Append('\\');
            wire.Append(c);
        }

        return wire.Append('"').ToString();
    }

    private static bool IsAtext(char c) => AsciiAtext.Contains(c) || IsNonAscii(c);

    /// <summary>UTF8-non-ascii without the C1 controls, which no mailbox name needs and terminals obey.</summary>
    private static bool IsNonAscii(char c) => c >= '\u00A0';

    private static bool HasWholeSurrogates(ReadOnlySpan<char> part)
    {
        for (var i = 0; i < part.Length; i++)
        {
            if (!char.IsSurrogate(part[i]))
                continue;
            if (i + 1 == part.Length || !char.IsSurrogatePair(part[i], part[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
