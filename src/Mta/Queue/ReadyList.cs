using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Queue;

/// <summary>What is due, in memory and so much at most: a lane for each destination, served in turn. Not thread-safe.</summary>
/// <remarks>A destination that answers slowly fills its own lane and its own places; the others go past it.</remarks>
/// <param name="capacity">Entries that wait, over all lanes.</param>
/// <param name="laneCapacity">Entries that wait in one lane.</param>
/// <param name="maxRunning">Entries under way at once.</param>
/// <param name="maxRunningPerLane">Entries under way at once for one destination.</param>
internal sealed class ReadyList(int capacity, int laneCapacity, int maxRunning, int maxRunningPerLane)
{
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Queue<Lane> _turns = new();
    private readonly HashSet<QueueEntry> _known = [];
    private readonly Dictionary<long, int> _running = [];

    public int Running { get; private set; }

    public int Waiting { get; private set; }

    public bool IsFull => Waiting >= capacity;

    /// <summary>The destinations for which enough waits: more is worth looking for when half of it has gone.</summary>
    /// <remarks>Looking for it costs a walk over all that is due, which a dead destination can make long; it must not follow every single attempt.</remarks>
    public IReadOnlyCollection<string> FullDestinations => [.. _lanes.Values.Where(lane => lane.Entries.Count > laneCapacity / 2).Select(lane => lane.Destination)];

    /// <summary>Whether some entry of the message is under way.</summary>
    public bool IsRunning(long messageKey) => _running.ContainsKey(messageKey);

    /// <summary>Adds an entry, unless it is here already.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(QueueEntry entry)
    {
        if (_known.Contains(entry))
            return true;
        if (IsFull)
            return false;

        if (!_lanes.TryGetValue(entry.Destination, out var lane))
            _lanes.Add(entry.Destination, lane = new Lane(entry.Destination));
        if (lane.Entries.Count >= laneCapacity)
            return false;

        _known.Add(entry);
        lane.Entries.Enqueue(entry);
        Waiting++;
        OfferTurn(lane);
        return true;
    }

    /// <summary>Takes the next entry to start; it is under way until <see cref="Done"/>.</summary>
    public bool TryTake(out QueueEntry entry)
    {
        if (Running >= maxRunning || !_turns.TryDequeue(out var lane))
        {
            entry = default;
            return false;
        }

        lane.HasTurn = false;
        entry = lane.Entries.Dequeue();
        lane.Running++;
        Waiting--;
        Running++;
        _running[entry.MessageKey] = _running.GetValueOrDefault(entry.MessageKey) + 1;
        OfferTurn(lane);
        return true;
    }

    /// <summary>An entry is no longer under way.</summary>
    public void Done(QueueEntry entry)
    {
        var lane = _lanes[entry.Destination];
        lane.Running--;
        Running--;
        _known.Remove(entry);
        if (_running[entry.MessageKey] == 1)
            _running.Remove(entry.MessageKey);
        else
            _running[entry.MessageKey]--;

        if (lane.Entries.Count == 0 && lane.Running == 0)
            _lanes.Remove(entry.Destination);
        else
            OfferTurn(lane);
    }

    private void OfferTurn(Lane lane)
    {
        if (lane.HasTurn || lane.Entries.Count == 0 || lane.Running >= maxRunningPerLane)
            return;
        lane.HasTurn = true;
        _turns.Enqueue(lane);
    }

    private sealed class Lane(string destination)
    {
        public string Destination => destination;

        public Queue<QueueEntry> Entries { get; } = new();

        public int Running { get; set; }

        /// <summary>Whether it stands in the line of turns.</summary>
        public bool HasTurn { get; set; }
    }
}
