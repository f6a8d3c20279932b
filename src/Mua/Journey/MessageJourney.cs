using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Journey;

/// <summary>The way of one message: what it is known by, and its events in order of time.</summary>
/// <param name="QueueId">The id under which the MTA logged it first.</param>
/// <param name="Recipients">Of the envelope, so far as they were told; at most <see cref="JourneyStoreLimits.MaxRecipientsKept"/>.</param>
internal sealed record MessageJourney(
    JourneyId Id, DateTimeOffset FirstAt, DateTimeOffset LastAt, JourneyStep LastStep, string? MessageId, string? QueueId, string? Subject, string? ReversePath,
    IReadOnlyList<string> Recipients, long? Octets)
{
    /// <summary>In order of time; empty in lists.</summary>
    public IReadOnlyList<JourneyEvent> Events { get; init; } = [];

    /// <summary>Events there are beyond those shown.</summary>
    public int MoreEvents { get; init; }
}
