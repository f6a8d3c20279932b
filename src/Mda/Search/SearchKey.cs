using System.Globalization;
using System.Text;

namespace MailSuite.Mda.Search;

/// <summary>How words are compared in a search: without regard to case, to accents and to compatibility forms (Unicode NFKD).</summary>
internal static class SearchKey
{
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
