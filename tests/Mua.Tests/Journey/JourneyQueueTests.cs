using MailSuite.Mua.Journey;
using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Tests.Journey;

public sealed class JourneyQueueTests
{
    [Fact]
    public void Drops_and_counts_events_beyond_the_number_that_may_wait()
    {
        var queue = new JourneyQueue(maxEvents: 3, maxCharacters: long.MaxValue);
        for (var i = 0; i < 5; i++)
            queue.Record(Event("x"));

        Assert.Equal(2, queue.Dropped);
        Assert.Equal(3, Take(queue));
    }

    [Fact]
    public void Drops_and_counts_events_beyond_the_characters_that_may_wait_and_takes_new_ones_when_some_are_written()
    {
        var queue = new JourneyQueue(maxEvents: 100, maxCharacters: 1500);
        for (var i = 0; i < 5; i++)
            queue.Record(Event(new string('x', 300)));

        Assert.Equal(2, queue.Dropped);
        Assert.Equal(3, Take(queue));

        queue.Record(Event(new string('x', 300)));
        Assert.Equal(2, queue.Dropped);
    }

    [Fact]
    public void Takes_an_event_after_the_end_without_a_word()
    {
        var queue = new JourneyQueue();
        queue.Close();
        queue.Record(Event("late"));

        Assert.Equal(1, queue.Dropped);
    }

    [Fact]
    public async Task A_flush_after_the_end_is_done_at_once()
    {
        var queue = new JourneyQueue();
        queue.Close();
        await queue.FlushAsync(CancellationToken.None);
    }

    private static int Take(JourneyQueue queue)
    {
        var events = new List<JourneyEvent>();
        queue.Take(events, [], 100);
        return events.Count;
    }

    private static JourneyEvent Event(string summary) => new(new JourneyId(Guid.CreateVersion7()), DateTimeOffset.UnixEpoch, MailRole.Mta, JourneyStep.Accepted, "h", summary);
}
