using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Queue;

/// <summary>What is due, in memory and so much at most: a lane for each destination, served in turn, the more urgent first. Not thread-safe.</summary>
/// <remarks>
/// A destination that answers slowly fills its own lane and its own places; the others go past it. What is urgent (a priority above 0, RFC 6710)
/// has as much room again, so that a full list does not keep it out, and a lane whose first entry is more urgent than others' has the next turn.
/// </remarks>
/// <param name="capacity">Entries that wait, over all lanes.</param>
/// <param name="laneCapacity">Entries that wait in one lane.</param>
/// <param name="maxRunning">Entries under way at once.</param>
/// <param name="maxRunningPerLane">Entries under way at once for one destination.</param>
internal sealed class ReadyList(int capacity, int laneCapacity, int maxRunning, int maxRunningPerLane)
{
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(Lane Lane, long Turn), (int, long)> _turns = new();
    private readonly HashSet<QueueEntry> _known = [];
    private readonly Dictionary<long, int> _running = [];
    private long _order;

    public int Running { get; private set; }

    public int Waiting { get; private set; }

    public bool IsFull(bool urgent = false) => Waiting >= Room(capacity, urgent);

    /// <summary>The destinations for which enough waits, and those that are lent: more is worth looking for when half of it has gone.</summary>
    /// <remarks>Looking for it costs a walk over all that is due, which a dead destination can make long; it must not follow every single attempt.</remarks>
    public IReadOnlyCollection<string> FullDestinations(bool urgent = false)
    {
        var enough = Room(laneCapacity, urgent) - (laneCapacity - (laneCapacity / 2));
        return [.. _lanes.Values.Where(lane => lane.IsLent || lane.Entries.Count > enough).Select(lane => lane.Destination)];
    }

    /// <summary>Whether some entry of the message is under way.</summary>
    public bool IsRunning(long messageKey) => _running.ContainsKey(messageKey);

    /// <summary>Adds an entry, unless it is here already.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(QueueEntry entry)
    {
        if (_known.Contains(entry))
            return true;

        var urgent = entry.Priority > 0;
        if (IsFull(urgent))
            return false;

        var lane = LaneOf(entry.Destination);
        if (lane.IsLent || lane.Entries.Count >= Room(laneCapacity, urgent))
            return false;

        _known.Add(entry);
        lane.Entries.Enqueue(entry, (-entry.Priority, _order++));
        Waiting++;
        OfferTurn(lane);
        return true;
    }

    /// <summary>Takes the next entry to start; it is under way until <see cref="Done"/>.</summary>
    public bool TryTake(out QueueEntry entry)
    {
        entry = default;
        while (Running < maxRunning && TryNextLane(out var lane))
        {
            // What waited in it may have been lent since it got its turn.
            if (!lane.Entries.TryDequeue(out entry, out _))
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
        _known.ExceptWith(lane.Entries.UnorderedItems.Select(item => item.Element));
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

    private static int Room(int room, bool urgent) => urgent ? 2 * room : room;

    private bool TryNextLane(out Lane lane)
    {
        while (_turns.TryDequeue(out var turn, out _))
        {
            lane = turn.Lane;
            if (turn.Turn != lane.Turn)
                continue;

            lane.Turn = null;
            return true;
        }

        lane = null!;
        return false;
    }

    /// <summary>Puts the lane into the line of turns; when it stands there already, further ahead if it has become more urgent.</summary>
    private void OfferTurn(Lane lane)
    {
        if (lane.Running >= maxRunningPerLane || !lane.Entries.TryPeek(out var first, out _) || (lane.Turn is not null && first.Priority <= lane.TurnPriority))
            return;

        lane.TurnPriority = first.Priority;
        lane.Turn = _order++;
        _turns.Enqueue((lane, lane.Turn.Value), (-first.Priority, lane.Turn.Value));
    }

    private sealed class Lane(string destination)
    {
        public string Destination => destination;

        /// <summary>The more urgent first, otherwise as they came.</summary>
        public PriorityQueue<QueueEntry, (int, long)> Entries { get; } = new();

        public int Running { get; set; }

        public bool IsLent { get; set; }

        /// <summary>Its place in the line of turns; an older one is void. <see langword="null"/> when it does not stand there.</summary>
        public long? Turn { get; set; }

        public int TurnPriority { get; set; }
    }
}
