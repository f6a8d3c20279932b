using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Journey;

/// <summary>Finds journeys. Everything that was recorded before a call is seen by it, unless the disk is a second behind.</summary>
internal interface IJourneys
{
    /// <summary>One journey with its events; <see langword="null"/> when nothing of it is kept.</summary>
    ValueTask<MessageJourney?> FindAsync(JourneyId id, CancellationToken cancellationToken);

    /// <summary>Journeys that a person means by some words, the latest first and without their events.</summary>
    /// <param name="query">
    /// A Message-ID with or without brackets, a queue id, a journey id; else an address, or words that all are in subject, sender or
    /// recipients. Empty for the latest journeys of all.
    /// </param>
    /// <param name="party">When given, only journeys of which this address is the sender or a recipient.</param>
    /// <param name="limit">1 to <see cref="JourneyStoreLimits.MaxFound"/>.</param>
    ValueTask<IReadOnlyList<MessageJourney>> SearchAsync(string query, string? party, int limit, CancellationToken cancellationToken);
}
