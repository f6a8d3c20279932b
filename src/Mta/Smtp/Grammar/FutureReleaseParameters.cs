using System.Globalization;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The values of HOLDFOR and HOLDUNTIL (RFC 4865 §3).</summary>
internal static class FutureReleaseParameters
{
    private const int MaxIntervalDigits = 9;

    /// <summary>Characters of <c>2026-12-24T18:00:00</c>, which a fraction and then the offset follow.</summary>
    private const int SecondsEnd = 19;

    /// <summary>Characters of a date-time; more digits of a fraction mean nothing here.</summary>
    private const int MaxInstantCharacters = 40;

    /// <summary>future-release-interval: 1 to 9 digits without a zero in front, seconds.</summary>
    public static bool TryParseInterval(ReadOnlySpan<char> text, out TimeSpan interval)
    {
        interval = default;
        if (text.Length is < 1 or > MaxIntervalDigits || text[0] == '0' || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;

        interval = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>future-release-date-time: date-time of RFC 3339 §5.6.</summary>
    /// <remarks>A leap second, <c>:60</c>, is not known here and refused.</remarks>
    public static bool TryParseInstant(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length is <= SecondsEnd or > MaxInstantCharacters)
            return false;

        var rest = text[SecondsEnd..];
        var fraction = TimeSpan.Zero;
        if (rest[0] == '.')
        {
            var end = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (end < 1)
                return false;
            fraction = TimeSpan.FromSeconds(double.Parse(rest[..(end + 1)], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));
            rest = rest[(end + 1)..];
        }

        if (!DateTime.TryParseExact(text[..SecondsEnd], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && !DateTime.TryParseExact(text[..SecondsEnd], "yyyy-MM-dd't'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out local))
            return false;

        if (!TryParseOffset(rest, out var offset))
            return false;

        var ticks = local.Ticks + fraction.Ticks - offset.Ticks;
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;

        instant = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>time-offset: <c>Z</c>, or a sign with hours and minutes.</summary>
    private static bool TryParseOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is ['Z' or 'z'])
            return true;
        if (text is not ['+' or '-', _, _, ':', _, _]
            || !int.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            || hours > 23 || minutes > 59)
            return false;

        offset = new TimeSpan(hours, minutes, 0);
        if (text[0] == '-')
            offset = -offset;
        return true;
    }
}
