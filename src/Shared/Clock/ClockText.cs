using System.Globalization;
using System.Text;

namespace MailSuite.Shared.Clock;

/// <summary>How people write by how much a clock is put ahead: <c>+4h</c>, <c>5 d</c>, <c>1d 12h 30min</c>.</summary>
public static class ClockText
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("min", TimeSpan.FromMinutes(1)), ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Numbers with units, the sign and spaces as one likes; nothing that is 0 in all, or more than a <see cref="TimeSpan"/> holds.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan ahead)
    {
        ahead = TimeSpan.Zero;
        text = text.Trim();
        if (text is ['+', ..])
            text = text[1..].TrimStart();
        while (text.Length > 0)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;
            text = text[digits..].TrimStart();
            var (unit, length) = Find(text);
            if (unit is null || number > (TimeSpan.MaxValue - ahead).Ticks / length.Ticks)
                return false;
            ahead += length * number;
            text = text[unit.Length..].TrimStart();
        }

        return ahead > TimeSpan.Zero;
    }

    /// <summary>As <see cref="TryParse"/> reads it: <c>5 d 4 h</c>.</summary>
    public static string Of(TimeSpan ahead)
    {
        var text = new StringBuilder();
        foreach (var (unit, number) in new[] { ("d", ahead.Days), ("h", ahead.Hours), ("min", ahead.Minutes), ("s", ahead.Seconds) })
        {
            if (number > 0)
                text.Append(text.Length > 0 ? " " : "").Append(CultureInfo.InvariantCulture, $"{number} {unit}");
        }

        return text.Length > 0 ? text.ToString() : "0 s";
    }

    private static (string? Unit, TimeSpan Length) Find(ReadOnlySpan<char> text)
    {
        foreach (var (unit, length) in Units)
        {
            if (text.StartsWith(unit, StringComparison.OrdinalIgnoreCase))
                return (unit, length);
        }

        return default;
    }
}
