namespace MailSuite.Mta.Notices;

/// <summary>How long is waited after failures in a row: 5 s, twice as long after each, a fifth more or less by chance.</summary>
internal static class NoticeBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    private const double Jitter = 0.2;

    /// <summary>Beyond it, doubling is over any limit.</summary>
    private const int MaxDoublings = 20;

    /// <param name="failures">1 or more.</param>
    public static TimeSpan After(int failures, TimeSpan longest)
    {
        var ticks = Math.Min(First.Ticks << Math.Min(failures - 1, MaxDoublings), longest.Ticks);
        return TimeSpan.FromTicks((long)(ticks * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()))));
    }
}
