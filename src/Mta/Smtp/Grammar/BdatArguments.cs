using System.Globalization;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The arguments of BDAT: <c>chunk-size [SP "LAST"]</c> (RFC 3030 §4.2).</summary>
/// <param name="Octets">Octets of the chunk, which begins behind the command's CRLF; <see cref="long.MaxValue"/> for a number that is larger still.</param>
/// <param name="IsLast">Whether the message ends with it.</param>
internal readonly record struct BdatArguments(long Octets, bool IsLast)
{
    /// <summary>Digits of a size: as many as SIZE may have (RFC 1870 §4).</summary>
    private const int MaxDigits = 20;

    private const string EndMarker = "LAST";

    public static bool TryParse(ReadOnlySpan<char> text, out BdatArguments arguments)
    {
        arguments = default;
        var space = text.IndexOf(' ');
        var digits = space < 0 ? text : text[..space];
        if (digits.IsEmpty || digits.Length > MaxDigits || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (space >= 0 && !text[(space + 1)..].Equals(EndMarker, StringComparison.OrdinalIgnoreCase))
            return false;

        var octets = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        arguments = new BdatArguments(octets, space >= 0);
        return true;
    }
}
