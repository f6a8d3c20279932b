using System.Globalization;
using System.Text;

namespace MailSuite.Mda.Search;

/// <summary>How words are compared in a search: without regard to case, to accents and to compatibility forms (Unicode NFKD).</summary>
internal static class SearchKey
{
    /// <summary>Words of a search at most; those beyond it are passed over.</summary>
    private const int MaxWords = 8;

    private const int MaxWordLength = 100;

    internal static string Of(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();

        var folded = new StringBuilder(text.Length);
        foreach (var rune in Decompose(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
        }

        return folded.ToString();
    }

    /// <summary>The words of a query; all of them must be found.</summary>
    internal static IReadOnlyList<string> Words(string? query) => string.IsNullOrWhiteSpace(query)
        ? []
        : [.. query.Split((char[]?)null, MaxWords + 1, StringSplitOptions.RemoveEmptyEntries).Take(MaxWords).Select(word => Of(word.Length > MaxWordLength ? word[..MaxWordLength] : word))];

    private static string Decompose(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair has no normal form.
            return text;
        }
    }
}
