using System.Threading.Channels;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Journey;

/// <summary>The in-memory hand-over between those who record and the writer: bounded in number and in characters, it drops and counts.</summary>
/// <remarks>The caller's cost is one addition over the event's texts and one write to a channel; everything else is the writer's.</remarks>
internal sealed class JourneyQueue : IJourneyRecorder
{
    private readonly Channel<Item> _items;
    private readonly long _maxCharacters;
    private long _waitingCharacters;
    private long _dropped;

    public JourneyQueue()
        : this(JourneyStoreLimits.MaxWaitingEvents, JourneyStoreLimits.MaxWaitingCharacters)
    {
    }

    internal JourneyQueue(int maxEvents, long maxCharacters)
    {
        _maxCharacters = maxCharacters;
        _items = Channel.CreateBounded<Item>(new BoundedChannelOptions(maxEvents) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    }

    /// <summary>Events dropped since the start of the program.</summary>
    internal long Dropped => Interlocked.Read(ref _dropped);

    public void Record(JourneyEvent journeyEvent)
    {
        var characters = Weigh(journeyEvent);
        if (Interlocked.Add(ref _waitingCharacters, characters) <= _maxCharacters && _items.Writer.TryWrite(new Item(journeyEvent, characters, null)))
            return;

        Interlocked.Add(ref _waitingCharacters, -characters);
        Interlocked.Increment(ref _dropped);
    }

    /// <summary>Is done when everything recorded before is on disk, or was given up.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _items.Writer.WriteAsync(new Item(null, 0, done), cancellationToken);
            await done.Task.WaitAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            // The writer has ended with the program; what it wrote is all there is.
        }
    }

    internal ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _items.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes what waits, so much at most; the flushes that may be answered when it is written go to <paramref name="flushes"/>.</summary>
    internal void Take(List<JourneyEvent> events, List<TaskCompletionSource> flushes, int max)
    {
        while (events.Count < max && _items.Reader.TryRead(out var item))
        {
            Interlocked.Add(ref _waitingCharacters, -item.Characters);
            if (item.Event is not null)
                events.Add(item.Event);
            else
                flushes.Add(item.Flush!);
        }
    }

    /// <summary>Counts events that the writer had to give up.</summary>
    internal void CountLost(int events) => Interlocked.Add(ref _dropped, events);

    internal void Close() => _items.Writer.TryComplete();

    private static long Weigh(JourneyEvent e)
    {
        long characters = 200 + e.Summary.Length + (e.Reason?.Length ?? 0) + (e.Peer?.Length ?? 0) + (e.Facts?.Subject?.Length ?? 0) + (e.Recipients.Count * 40L);
        for (var i = 0; i < e.Dialogue.Count; i++)
            characters += e.Dialogue[i].Text.Length + 16;
        return characters;
    }

    private readonly record struct Item(JourneyEvent? Event, long Characters, TaskCompletionSource? Flush);
}
