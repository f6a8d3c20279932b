using System.Text;

namespace MailSuite.Mda.Search.Text;

/// <summary>Terms of one and two characters outside ASCII, which trigrams cannot find: in Chinese and Japanese they are words.</summary>
internal static class ShortTerms
{
    /// <param name="text">Folded, without accents.</param>
    /// <returns>Each character and each pair of neighbours in the text once, separated by spaces; empty where all is ASCII.</returns>
    internal static string Of(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text))
            return string.Empty;

        var terms = new HashSet<string>(StringComparer.Ordinal);
        var before = default(Rune);
        while (!text.IsEmpty)
        {
            var odd = text.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            if (odd != 0)
            {
                before = default;
                if (odd < 0)
                    break;
                text = text[odd..];
            }

            Rune.DecodeFromUtf8(text, out var rune, out var octets);
            text = text[octets..];
            terms.Add(rune.ToString());
            if (before != default)
                terms.Add($"{before}{rune}");
            before = rune;
        }

        return string.Join(' ', terms);
    }

    /// <summary>The term by which a short needle is found, or <see langword="null"/> when it has none.</summary>
    internal static string? For(ReadOnlySpan<byte> needle)
    {
        var text = Encoding.UTF8.GetString(needle);
        if (!Ascii.IsValid(text) && text.EnumerateRunes().All(rune => !rune.IsAscii))
            return text;
        return text.EnumerateRunes().FirstOrDefault(rune => !rune.IsAscii) is { Value: > 0 } odd ? odd.ToString() : null;
    }
}
