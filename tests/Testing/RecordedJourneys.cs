using System.Collections.Concurrent;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;

namespace MailSuite.Testing;

/// <summary>Keeps every journey event for a test to look at.</summary>
public sealed class RecordedJourneys : IJourneyRecorder
{
    private readonly ConcurrentQueue<JourneyEvent> _events = new();

    public IReadOnlyList<JourneyEvent> Events => [.. _events];

    public void Record(JourneyEvent journeyEvent) => _events.Enqueue(journeyEvent);
}
