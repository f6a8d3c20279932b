using System.Globalization;

namespace MailSuite.Host.Configuration;

/// <summary>How sizes and times are written in a configuration, and which name was probably meant.</summary>
internal static class Quantities
{
    private static readonly (string Unit, long Octets)[] Sizes = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    private static readonly (string Unit, TimeSpan Length)[] Times =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("min", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    public static bool TryParseOctets(string text, out long octets)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out octets))
            return true;
        foreach (var (unit, size) in Sizes)
        {
            if (TryNumber(text, unit, out var number) && number <= long.MaxValue / size)
            {
                octets = number * size;
                return true;
            }
        }

        return false;
    }

    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (unit, length) in Times)
        {
            if (TryNumber(text, unit, out var number) && number <= TimeSpan.MaxValue.Ticks / length.Ticks)
            {
                duration = TimeSpan.FromTicks(length.Ticks * number);
                return true;
            }
        }

        return false;
    }

    /// <summary>As <see cref="TryParseOctets"/> reads it, in the largest unit that leaves a whole number.</summary>
    public static string Octets(long octets)
    {
        var (unit, size) = Sizes.First(entry => octets % entry.Octets == 0 && octets >= entry.Octets || entry.Octets == 1);
        return string.Create(CultureInfo.InvariantCulture, $"{octets / size} {unit}");
    }

    /// <summary>As <see cref="TryParseDuration"/> reads it.</summary>
    public static string Duration(TimeSpan duration)
    {
        var (unit, length) = Times.OrderByDescending(entry => entry.Length).First(entry => (duration.Ticks % entry.Length.Ticks == 0 && duration >= entry.Length) || entry.Unit == "ms");
        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks} {unit}");
    }

    /// <summary>The candidate that differs from the name in the fewest letters, when these are few.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var (best, distance) = candidates.Select(candidate => (candidate, Distance(name, candidate))).OrderBy(pair => pair.Item2).FirstOrDefault((null!, int.MaxValue));
        return distance <= Math.Max(2, name.Length / 3) ? best : null;
    }

    private static bool TryNumber(string text, string unit, out long number)
    {
        number = 0;
        return text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
            && long.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Letters to insert, delete or replace (Levenshtein), without regard to case.</summary>
    private static int Distance(string first, string second)
    {
        var row = Enumerable.Range(0, second.Length + 1).ToArray();
        for (var i = 1; i <= first.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= second.Length; j++)
            {
                var same = char.ToUpperInvariant(first[i - 1]) == char.ToUpperInvariant(second[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (same ? 0 : 1)));
            }
        }

        return row[second.Length];
    }
}
