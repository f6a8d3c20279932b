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

    /// <summary>The destinations for which enough waits, and those that are lent: more is worth looking for when half of it has gone.</summary>
    /// <remarks>Looking for it costs a walk over all that is due, which a dead destination can make long; it must not follow every single attempt.</remarks>
    public IReadOnlyCollection<string> FullDestinations => [.. _lanes.Values.Where(lane => lane.IsLent || lane.Entries.Count > laneCapacity / 2).Select(lane => lane.Destination)];

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

        var lane = LaneOf(entry.Destination);
        if (lane.IsLent || lane.Entries.Count >= laneCapacity)
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
        entry = default;
        while (Running < maxRunning && _turns.TryDequeue(out var lane))
        {
            lane.HasTurn = false;
            // What waited in it may have been lent since it got its turn.
            if (!lane.Entries.TryDequeue(out entry))
                continue;

            Waiting--;
            Start(lane, entry);
            OfferTurn(lane);
            return true;
        }

        return false;
    }

    /// <summary>Leaves a destination to somebody else: what waits for it is forgotten here, what is under way goes on, and nothing of it is added or started.</summary>
    /// <returns>Whether it was not lent already.</returns>
    public bool TryLend(string destination)
    {
        var lane = LaneOf(destination);
        if (lane.IsLent)
            return false;

        lane.IsLent = true;
        Waiting -= lane.Entries.Count;
        _known.ExceptWith(lane.Entries);
        lane.Entries.Clear();
        return true;
    }

    /// <summary>Starts an entry of a destination that is lent; it is under way until <see cref="Done"/>.</summary>
    /// <returns>Whether it was not under way already.</returns>
    public bool TryTakeLent(QueueEntry entry)
    {
        if (!_known.Add(entry))
            return false;

        Start(_lanes[entry.Destination], entry);
        return true;
    }

    /// <summary>A destination is no longer lent.</summary>
    public void TakeBack(string destination)
    {
        var lane = _lanes[destination];
        lane.IsLent = false;
        RemoveIdle(lane);
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

        OfferTurn(lane);
        RemoveIdle(lane);
    }

    private Lane LaneOf(string destination)
    {
        if (!_lanes.TryGetValue(destination, out var lane))
            _lanes.Add(destination, lane = new Lane(destination));
        return lane;
    }

    private void Start(Lane lane, QueueEntry entry)
    {
        lane.Running++;
        Running++;
        _running[entry.MessageKey] = _running.GetValueOrDefault(entry.MessageKey) + 1;
    }

    private void RemoveIdle(Lane lane)
    {
        if (lane is { Entries.Count: 0, Running: 0, IsLent: false })
            _lanes.Remove(lane.Destination);
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

        public bool IsLent { get; set; }

        /// <summary>Whether it stands in the line of turns.</summary>
        public bool HasTurn { get; set; }
    }
}
