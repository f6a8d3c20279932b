using System.Globalization;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The value of BY: <c>by-time ";" by-mode [by-trace]</c> (RFC 2852 §4).</summary>
/// <param name="Seconds">Until the message is to be delivered; not positive only with by-mode N.</param>
/// <param name="Returns">by-mode R; otherwise N.</param>
/// <param name="Traces">by-trace T.</param>
internal readonly record struct DeliverByParameter(int Seconds, bool Returns, bool Traces)
{
    private const int MaxDigits = 9;

    public static bool TryParse(ReadOnlySpan<char> text, out DeliverByParameter by)
    {
        by = default;
        var semicolon = text.IndexOf(';');
        if (semicolon < 1)
            return false;

        var time = text[..semicolon];
        var digits = time[0] is '-' or '+' ? time[1..] : time;
        if (digits.Length is < 1 or > MaxDigits || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;
        if (time[0] == '-')
            seconds = -seconds;

        var mode = text[(semicolon + 1)..];
        var returns = mode is ['R' or 'r', ..];
        if (!returns && mode is not ['N' or 'n', ..])
            return false;
        if (mode.Length > 1 && (mode.Length > 2 || mode[1] is not ('T' or 't')))
            return false;

        by = new DeliverByParameter(seconds, returns, mode.Length == 2);
        return !returns || seconds > 0;
    }
}
