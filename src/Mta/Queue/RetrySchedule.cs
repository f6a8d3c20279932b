using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Queue;

/// <summary>When to try again, and when no more (RFC 5321 §4.5.4.1).</summary>
internal sealed class RetrySchedule(RelayOptions options)
{
    /// <param name="attempts">How many have been made, the one that just failed included; at least 1.</param>
    /// <returns>Never after the end of the message's lifetime, so that the last attempt is made then.</returns>
    public DateTimeOffset Next(int attempts, DateTimeOffset acceptedAt, DateTimeOffset now)
    {
        var delay = options.RetryDelays.Count == 0 ? options.Lifetime : options.RetryDelays[Math.Min(attempts, options.RetryDelays.Count) - 1];
        return Limit(now + (delay * (1 + (options.RetryJitter / 100d * Random.Shared.NextDouble()))), acceptedAt, now);
    }

    /// <summary>An instant moved to the end of the lifetime when it is later, unless that is past already.</summary>
    public DateTimeOffset Limit(DateTimeOffset next, DateTimeOffset acceptedAt, DateTimeOffset now)
    {
        var end = acceptedAt + options.Lifetime;
        return next > end && end > now ? end : next;
    }

    public bool IsOver(DateTimeOffset acceptedAt, DateTimeOffset now) => now - acceptedAt >= options.Lifetime;
}
