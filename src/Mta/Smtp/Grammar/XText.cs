using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>xtext: printable ASCII in which any octet can stand as <c>+</c> and two upper-case hexadecimal digits (RFC 3461 §4).</summary>
internal static class XText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>xchar: what stands for itself, <c>!</c> to <c>~</c> without <c>+</c> and <c>=</c>.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c is not ('+' or '='))]);

    /// <summary>Decodes the whole text; its octets must be UTF-8. The empty text is xtext too.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        if (!text.ContainsAnyExcept(Plain))
        {
            decoded = text.ToString();
            return true;
        }

        var octets = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (Plain.Contains(text[i]))
            {
                octets[length++] = (byte)text[i];
                continue;
            }

            if (text[i] != '+' || i + 2 >= text.Length || !TryHex(text[i + 1], out var high) || !TryHex(text[i + 2], out var low))
                return false;
            octets[length++] = (byte)((high << 4) | low);
            i += 2;
        }

        try
        {
            decoded = Strict.GetString(octets, 0, length);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Encodes a text by its UTF-8 octets.</summary>
    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
            return text;

        var encoded = new StringBuilder(text.Length + 16);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (Plain.Contains((char)octet))
                encoded.Append((char)octet);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"+{octet:X2}");
        }

        return encoded.ToString();
    }

    private static bool TryHex(char c, out int value)
    {
        value = c is >= '0' and <= '9' ? c - '0' : c is >= 'A' and <= 'F' ? c - 'A' + 10 : -1;
        return value >= 0;
    }
}
