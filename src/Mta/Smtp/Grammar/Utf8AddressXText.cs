using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>An address of type <c>utf-8</c>: any character but the plain ones can stand as <c>\x{HEX}</c>, so that it travels without SMTPUTF8 (RFC 6533 §3).</summary>
internal static class Utf8AddressXText
{
    /// <summary>Digits of the highest code point, 10FFFF.</summary>
    private const int MaxHexDigits = 6;

    /// <summary>utf-8-addr-xtext: ASCII only.</summary>
    public static string Encode(string address)
    {
        var text = new StringBuilder(address.Length);
        foreach (var rune in address.EnumerateRunes())
        {
            if (IsPlain(rune.Value))
                text.Append((char)rune.Value);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X}}}");
        }

        return text.ToString();
    }

    /// <summary>Reads utf-8-addr-xtext, or with <paramref name="unicode"/> utf-8-addr-unitext, in which characters beyond ASCII may stand for themselves.</summary>
    /// <remarks>The grammar allows most controls; they are refused here, since none of them belongs into an address.</remarks>
    public static bool TryDecode(ReadOnlySpan<char> text, bool unicode, [NotNullWhen(true)] out string? address)
    {
        address = null;
        var decoded = new StringBuilder(text.Length);
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != System.Buffers.OperationStatus.Done)
                return false;
            if (rune.Value == '\\')
            {
                if (!TryReadEmbedded(text, out rune, out consumed))
                    return false;
            }
            else if (!IsPlain(rune.Value) && !(unicode && rune.Value > 0x7F))
            {
                return false;
            }

            if (Rune.IsControl(rune))
                return false;
            decoded.Append(rune.ToString());
            text = text[consumed..];
        }

        address = decoded.ToString();
        return true;
    }

    /// <summary>EmbeddedUnicodeChar: hexadecimal digits in upper case and as few as will do, of a character that is not plain.</summary>
    private static bool TryReadEmbedded(ReadOnlySpan<char> text, out Rune rune, out int consumed)
    {
        (rune, consumed) = (default, 0);
        if (!text.StartsWith("\\x{"))
            return false;

        var digits = text[3..];
        var end = digits.IndexOf('}');
        if (end is < 1 or > MaxHexDigits || digits[0] == '0')
            return false;

        digits = digits[..end];
        foreach (var c in digits)
        {
            if (!char.IsAsciiHexDigitUpper(c))
                return false;
        }

        consumed = 3 + end + 1;
        var value = int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return !IsPlain(value) && Rune.TryCreate(value, out rune);
    }

    /// <summary>QCHAR: what stands for itself.</summary>
    private static bool IsPlain(int c) => c is > ' ' and <= '~' and not ('+' or '=' or '\\');
}
