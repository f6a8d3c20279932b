namespace MailSuite.Shared.Contracts.Mta;

/// <summary>The queue by destination and age, as <c>qshape</c> shows it.</summary>
/// <param name="Messages">Of which something is left to do.</param>
/// <param name="Recipients">Of whom something is left to do.</param>
/// <param name="IsPartial">The queue was too long to be counted to its end in the time of one answer: the numbers are of its older part.</param>
/// <param name="Octets">Of these messages.</param>
/// <param name="Ages">Recipients by the age of their message, a number for each of <see cref="AgeLimits"/> and one for what is older.</param>
/// <param name="Destinations">Those for which the most recipients wait, <see cref="MaxDestinations"/> at most, the longest first.</param>
/// <param name="DestinationCount">All of them.</param>
public sealed record QueueSummary(
    DateTimeOffset At, long Messages, long Recipients, long Octets, bool IsPartial, QueueCounts States, IReadOnlyList<long> Ages,
    IReadOnlyList<DestinationSummary> Destinations, int DestinationCount)
{
    /// <summary>Messages in the whole queue, whatever the filter, counted to the end.</summary>
    public long MessagesInQueue { get; init; }

    /// <summary>Destinations that are told one by one.</summary>
    public const int MaxDestinations = 200;

    /// <summary>The first is of what is younger than 5 minutes; every one reaches twice as far, up to 1,280 minutes.</summary>
    public static readonly IReadOnlyList<TimeSpan> AgeLimits = [.. Enumerable.Range(0, 9).Select(i => TimeSpan.FromMinutes(5 << i))];
}

/// <summary>Recipients by what they wait for.</summary>
public sealed record QueueCounts(long Waiting, long Held, long Failed, long Undeliverable);

/// <param name="Destination">The domain, or where people have sent the mail.</param>
/// <param name="IsRerouted">Whether people have sent it there.</param>
/// <param name="OldestAt">When its oldest message was accepted.</param>
/// <param name="NextAttemptAt">When the first of those that wait is tried; <see langword="null"/> when none waits.</param>
/// <param name="LastError">What the latest attempt came to; <see langword="null"/> before the first.</param>
public sealed record DestinationSummary(
    string Destination, bool IsRerouted, long Messages, long Recipients, QueueCounts States, DateTimeOffset OldestAt, DateTimeOffset? NextAttemptAt,
    string? LastError, IReadOnlyList<long> Ages)
{
    /// <summary>Until when it is left alone, because none of its hosts has answered; <see langword="null"/> while it is tried.</summary>
    public DateTimeOffset? DeadUntil { get; init; }
}
