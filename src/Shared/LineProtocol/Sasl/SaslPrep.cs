using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>SASLprep (RFC 4013): brings names and passwords into the one form in which SCRAM compares them.</summary>
/// <remarks>
/// The platform has no such thing, and no package that is kept up offers it alone. Characters that Unicode 3.2 did not have are let
/// through and normalised by today's rules, where RFC 4013 §2.5 keeps them out of stored strings: people choose them, and their
/// programs do the same.
/// </remarks>
public static class SaslPrep
{
    /// <returns><see langword="false"/> when the text has a character that is prohibited, or mixes writing directions as it must not.</returns>
    public static bool TryPrepare(string text, [NotNullWhen(true)] out string? prepared)
    {
        prepared = null;
        if (Ascii.IsValid(text))
        {
            // Nearly all: nothing to map, and only controls are prohibited.
            if (text.Any(char.IsControl))
                return false;
            prepared = text;
            return true;
        }

        if (!TryMap(text, out var mapped))
            return false;

        var normalized = mapped.Normalize(NormalizationForm.FormKC);
        if (!IsAllowed(normalized))
            return false;

        prepared = normalized;
        return true;
    }

    /// <summary>RFC 4013 §2.1: spaces become a space, and what is commonly mapped to nothing goes.</summary>
    private static bool TryMap(string text, [NotNullWhen(true)] out string? mapped)
    {
        mapped = null;
        var target = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune))
                return false;

            at += rune.Utf16SequenceLength;
            if (SaslPrepTables.Contains(SaslPrepTables.NonAsciiSpaces, rune.Value))
                target.Append(' ');
            else if (!SaslPrepTables.Contains(SaslPrepTables.MappedToNothing, rune.Value))
                target.Append(rune);
        }

        mapped = target.ToString();
        return true;
    }

    /// <summary>RFC 4013 §2.3 and §2.4: no prohibited character; with one that is written from right to left the whole must be, at both ends too.</summary>
    private static bool IsAllowed(string text)
    {
        var rightToLeft = false;
        var leftToRight = false;
        var edges = true;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (SaslPrepTables.Contains(SaslPrepTables.Prohibited, rune.Value))
                return false;

            var isRightToLeft = SaslPrepTables.Contains(SaslPrepTables.RightToLeft, rune.Value);
            rightToLeft |= isRightToLeft;
            leftToRight |= SaslPrepTables.Contains(SaslPrepTables.LeftToRight, rune.Value);
            var isEdge = at == 0 || at + rune.Utf16SequenceLength == text.Length;
            edges &= !isEdge || isRightToLeft;
            at += rune.Utf16SequenceLength;
        }

        return !rightToLeft || (!leftToRight && edges);
    }
}
