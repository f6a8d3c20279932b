using System.Diagnostics.CodeAnalysis;
using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Queue;

/// <summary>What is due, in memory and so much at most: a lane for each next hop, served in turn, the more urgent first. Not thread-safe.</summary>
/// <remarks>
/// <para>A next hop that answers slowly fills its own lane and its own places; the others go past it. What is urgent (a priority above 0, RFC 6710)
/// has as much room again, so that a full list does not keep it out, and a lane whose first entry is more urgent than others' has the next turn.</para>
/// <para>What finds no room is not lost: its lane remembers that there is more on disk (<see cref="Lane.Backlog"/>).</para>
/// </remarks>
internal sealed class ReadyList(ReadyLimits limits, Func<Ready, LaneKey> keyOf, Func<string, DateTimeOffset?> deadUntil)
{
    /// <summary>Destinations of a lane that are remembered one by one.</summary>
    private const int MaxBacklog = 100;

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(Lane Lane, long Place), (int, long)> _freshTurns = new();
    private readonly PriorityQueue<(Lane Lane, long Place), (int, long)> _diskTurns = new();
    private readonly PriorityQueue<Lane, DateTimeOffset> _dead = new();
    private readonly Dictionary<QueueEntry, Ready> _known = [];
    private readonly Dictionary<long, int> _messages = [];
    private readonly Dictionary<long, int> _running = [];
    private readonly HashSet<long> _reroutedRunning = [];
    private readonly Dictionary<long, HashSet<QueueEntry>> _again = [];
    private readonly HashSet<Lane> _hungry = [];
    private long _order;
    private int _runningFromDisk;

    public int Running { get; private set; }

    /// <summary>Entries read from disk that wait.</summary>
    public int Waiting { get; private set; }

    public int Lanes => _lanes.Count;

    /// <summary>Whether there is room worth looking for more on disk: half of it, so that looking does not follow every single attempt.</summary>
    public bool HasRoom => Waiting <= limits.Capacity / 2;

    /// <summary>Whether so many lanes are here that a dead one is better put off on disk.</summary>
    public bool IsCrowded => _lanes.Count > limits.MaxLanes / 2;

    /// <summary>Whether some entry of the message is under way.</summary>
    public bool IsRunning(long messageKey) => _running.ContainsKey(messageKey);

    /// <summary>Whether some entry of the message waits here or is under way.</summary>
    public bool Holds(long messageKey) => _messages.ContainsKey(messageKey);

    public bool Knows(QueueEntry entry) => _known.ContainsKey(entry);

    /// <summary>Adds an entry, unless it is here already.</summary>
    public Admission TryAdd(Ready ready)
    {
        var entry = ready.Entry;
        if (_known.TryGetValue(entry, out var known) || IsBarred(entry))
        {
            if (known is null || ready.DueAt > known.StartedAt?.ToUnixTimeMilliseconds())
                OfferAgain(entry);
            return Admission.Known;
        }

        if (FindLane(ready) is not { } lane)
            return Admission.Full;

        ready.Lane = lane.Name;
        var urgent = entry.Priority > 0;
        var waiting = ready.IsFresh ? lane.Fresh : lane.FromDisk;
        var room = lane.IsProbing ? 1 : Room(ready.IsFresh ? limits.FreshLaneCapacity : limits.LaneCapacity, urgent);
        if (lane.IsLent || lane.DeadUntil is not null || waiting.Count >= room)
        {
            Remember(lane, entry.Destination);
            return lane.DeadUntil is null ? Admission.LaneFull : Admission.LaneDead;
        }

        if (!ready.IsFresh && Waiting >= Room(limits.Capacity, urgent))
        {
            RemoveIdle(lane);
            return Admission.Full;
        }

        _known.Add(entry, ready);
        Count(_messages, entry.MessageKey);
        waiting.Enqueue(ready, (-entry.Priority, lane.TurnOf(entry.Sender), _order++));
        if (!ready.IsFresh)
            Waiting++;
        OfferTurns(lane);
        return Admission.Taken;
    }

    /// <summary>Takes the next entry to start; it is under way until <see cref="Done"/>.</summary>
    public bool TryTake([NotNullWhen(true)] out Ready? ready)
    {
        ready = null;
        while (Running < limits.MaxRunning && TryNextLane(out var lane, out var fresh))
        {
            // What waited in it may have gone since it got its turn.
            var waiting = fresh ? lane.Fresh : lane.FromDisk;
            if (!lane.MayStart || !waiting.TryDequeue(out ready, out var key))
                continue;

            if (!fresh)
                Waiting--;
            lane.Started(key.Turn);
            Start(lane, ready);
            OfferTurns(lane);
            LookHungry(lane);
            return true;
        }

        return false;
    }

    /// <summary>Leaves a destination to somebody else: what waits for it is forgotten here, what is under way goes on, and nothing of it is added or started.</summary>
    /// <returns>Whether it was not lent already.</returns>
    public bool TryLend(string destination, List<Ready> forgotten)
    {
        var lane = LaneOf(new LaneKey(destination, null));
        if (lane.IsLent)
            return false;

        lane.IsLent = true;
        Forget(lane, forgotten);
        return true;
    }

    /// <summary>Starts an entry of a destination that is lent; it is under way until <see cref="Done"/>.</summary>
    /// <returns><see langword="null"/> when it is under way already.</returns>
    public Ready? TryTakeLent(QueueEntry entry)
    {
        var ready = new Ready(entry, null) { IsLent = true, Lane = entry.Destination };
        if (!_known.TryAdd(entry, ready))
            return null;

        Count(_messages, entry.MessageKey);
        Start(_lanes[entry.Destination], ready);
        return ready;
    }

    /// <summary>A destination is no longer lent.</summary>
    public void TakeBack(string destination)
    {
        var lane = _lanes[destination];
        lane.IsLent = false;
        Remember(lane, destination);
    }

    /// <summary>An entry is no longer under way.</summary>
    /// <param name="forgotten">Gets what waited in a lane that is found dead; it stays on disk.</param>
    /// <returns>Its lane, when it has died just now.</returns>
    public Lane? Done(Ready ready, AttemptResult result, List<Ready> forgotten)
    {
        var entry = ready.Entry;
        var lane = _lanes[ready.Lane];
        lane.Running--;
        Running--;
        if (ready.TakesPlaceOfDisk)
            _runningFromDisk--;
        Forget(entry);
        Uncount(_running, entry.MessageKey);
        if (RecipientDestination.IsRerouted(entry.Destination))
            _reroutedRunning.Remove(entry.MessageKey);
        if (result.IsOpen)
            Remember(lane, entry.Destination);

        var dies = result.DeadUntil is not null && lane.DeadUntil is null && !lane.IsLent;
        switch (result.Host)
        {
            case HostFeedback.Answered:
                lane.Succeeded();
                break;
            case HostFeedback.Failed:
                lane.HostFailed();
                lane.LastError = result.Error;
                break;
        }

        if (dies)
        {
            lane.Dies(result.DeadUntil!.Value);
            _dead.Enqueue(lane, lane.DeadUntil!.Value);
            Forget(lane, forgotten);
            _hungry.Remove(lane);
        }

        TakeAgain(entry.MessageKey, lane);
        OfferTurns(lane);
        LookHungry(lane);
        RemoveIdle(lane);
        return dies ? lane : null;
    }

    /// <summary>Lets dead lanes be tried whose time has come.</summary>
    public void Wake(DateTimeOffset now)
    {
        while (_dead.TryPeek(out var lane, out var at) && at <= now)
        {
            _dead.Dequeue();
            if (lane.DeadUntil == at && IsHere(lane))
                Revive(lane);
        }
    }

    /// <summary>Forgets all that waits here; the disk has it.</summary>
    public void ForgetAll(List<Ready> forgotten)
    {
        foreach (var lane in _lanes.Values.ToList())
            Forget(lane, forgotten);
    }

    /// <summary>When the next dead lane is to be tried; <see langword="null"/> for none.</summary>
    public DateTimeOffset? NextWake => _dead.TryPeek(out _, out var at) ? at : null;

    /// <summary>Lets every dead lane be tried now.</summary>
    public void ReviveAll()
    {
        _dead.Clear();
        foreach (var lane in _lanes.Values.Where(lane => lane.DeadUntil is not null).ToList())
            Revive(lane);
    }

    /// <summary>A lane that could take more from disk, and a destination of it of which there may be some.</summary>
    public bool TryHungry([NotNullWhen(true)] out Lane? lane, [NotNullWhen(true)] out string? destination, out int room)
    {
        foreach (var candidate in _hungry)
        {
            if (candidate.Backlog.Count == 0)
                continue;
            lane = candidate;
            destination = candidate.Backlog.First();
            room = candidate.IsProbing ? 1 : limits.LaneCapacity - candidate.FromDisk.Count;
            return true;
        }

        (lane, destination, room) = (null, null, 0);
        return false;
    }

    /// <summary>Adds what was read for a hungry lane.</summary>
    /// <param name="isAll">Whether nothing more of the destination is due on disk.</param>
    public void Fed(Lane lane, string destination, IReadOnlyList<QueueEntry> entries, bool isAll)
    {
        lane.Backlog.Remove(destination);
        _hungry.Remove(lane);
        var taken = false;
        foreach (var entry in entries)
            taken |= TryAdd(new Ready(entry, null)) == Admission.Taken;

        // What belongs into other lanes, as the sender may decide, these remember by themselves.
        if (!isAll && (taken || entries.Count == 0))
            lane.Backlog.Add(destination);
        LookHungry(lane);
        RemoveIdle(lane);
    }

    /// <summary>Whether lanes have more on disk than they remember; asking takes note that it is looked for.</summary>
    public bool TakeOverflow()
    {
        var overflows = false;
        foreach (var lane in _hungry.Where(lane => lane is { BacklogOverflows: true, Backlog.Count: 0 }).ToList())
        {
            lane.BacklogOverflows = false;
            overflows = true;
            _hungry.Remove(lane);
            RemoveIdle(lane);
        }

        return overflows;
    }

    /// <summary>What is on disk of a dead lane has been put off.</summary>
    /// <param name="version">Of its backlog, when that began.</param>
    public void PutOff(Lane lane, int version)
    {
        if (lane.BacklogVersion == version)
            lane.Backlog.Clear();
        RemoveIdle(lane);
    }

    /// <summary>How the next hops stand, the busiest first.</summary>
    public IReadOnlyList<LaneState> States(int limit) =>
        [.. _lanes.Values.OrderByDescending(lane => lane.Running).ThenByDescending(lane => lane.Fresh.Count + lane.FromDisk.Count).ThenBy(lane => lane.Name, StringComparer.Ordinal).Take(limit)
            .Select(lane => new LaneState(
                lane.Name, lane.Concurrency, lane.Running, lane.Fresh.Count + lane.FromDisk.Count, lane.Backlog.Count > 0 || lane.BacklogOverflows, lane.DeadUntil, lane.LastError))];

    private Lane? FindLane(Ready ready)
    {
        var key = keyOf(ready);
        return _lanes.TryGetValue(key.Name, out var lane) ? lane : _lanes.Count >= limits.MaxLanes ? null : LaneOf(key);
    }

    private Lane LaneOf(LaneKey key)
    {
        if (_lanes.TryGetValue(key.Name, out var lane))
            return lane;

        _lanes.Add(key.Name, lane = new Lane(key.Name, key.MaxConcurrency ?? limits.MaxRunningPerLane));
        if (deadUntil(key.Name) is { } until)
        {
            lane.Dies(until);
            _dead.Enqueue(lane, until);
        }

        return lane;
    }

    private void Start(Lane lane, Ready ready)
    {
        lane.Running++;
        Running++;
        ready.TakesPlaceOfDisk = ready is { IsFresh: false, IsLent: false };
        if (ready.TakesPlaceOfDisk)
            _runningFromDisk++;
        Count(_running, ready.Entry.MessageKey);
        if (RecipientDestination.IsRerouted(ready.Entry.Destination))
            _reroutedRunning.Add(ready.Entry.MessageKey);
    }

    /// <summary>
    /// Whether its recipients may be under way by another destination: a person has sent them another way, and the attempt does not know. Nobody is to get the message from both.
    /// </summary>
    private bool IsBarred(QueueEntry entry) =>
        _running.ContainsKey(entry.MessageKey) && (RecipientDestination.IsRerouted(entry.Destination) || _reroutedRunning.Contains(entry.MessageKey));

    /// <summary>Recipients of it came due since the attempt that is under way began, which does not know of them: it is looked at again when that ends.</summary>
    private void OfferAgain(QueueEntry entry)
    {
        if (!_again.TryGetValue(entry.MessageKey, out var entries))
            _again.Add(entry.MessageKey, entries = []);
        entries.Add(entry);
    }

    private void TakeAgain(long messageKey, Lane ended)
    {
        if (!_again.Remove(messageKey, out var entries))
            return;
        foreach (var entry in entries)
        {
            // The lane that is there remembers what another has no room for.
            if (TryAdd(new Ready(entry, null)) == Admission.Full)
                Remember(ended, entry.Destination);
        }
    }

    /// <summary>Whether it was not removed, and perhaps replaced, since somebody remembered it.</summary>
    private bool IsHere(Lane lane) => _lanes.TryGetValue(lane.Name, out var here) && ReferenceEquals(here, lane);

    private void Revive(Lane lane)
    {
        lane.Wakes();
        OfferTurns(lane);
        LookHungry(lane);
        RemoveIdle(lane);
    }

    private void Remember(Lane lane, string destination)
    {
        lane.BacklogVersion++;
        lane.Senders.BeginAnew();
        if (lane.Backlog.Count < MaxBacklog)
            lane.Backlog.Add(destination);
        else if (!lane.Backlog.Contains(destination))
            lane.BacklogOverflows = true;
        LookHungry(lane);
    }

    /// <summary>It is worth reading for a lane when half of what waited has gone, and for one that is tried again when nothing is under way.</summary>
    private void LookHungry(Lane lane)
    {
        var isHungry = !lane.IsLent && lane.DeadUntil is null && (lane.Backlog.Count > 0 || lane.BacklogOverflows)
            && (lane.IsProbing ? lane.Running + lane.FromDisk.Count + lane.Fresh.Count == 0 : lane.FromDisk.Count <= limits.LaneCapacity / 2);
        if (isHungry)
            _hungry.Add(lane);
    }

    /// <summary>What waits in a lane is forgotten; the disk has it.</summary>
    private void Forget(Lane lane, List<Ready> forgotten)
    {
        Waiting -= lane.FromDisk.Count;
        foreach (var (ready, _) in lane.FromDisk.UnorderedItems.Concat(lane.Fresh.UnorderedItems))
        {
            Forget(ready.Entry);
            Remember(lane, ready.Entry.Destination);
            forgotten.Add(ready);
        }

        lane.FromDisk.Clear();
        lane.Fresh.Clear();
    }

    private void Forget(QueueEntry entry)
    {
        _known.Remove(entry);
        Uncount(_messages, entry.MessageKey);
    }

    private void RemoveIdle(Lane lane)
    {
        if (!lane.IsIdle || !IsHere(lane))
            return;
        _lanes.Remove(lane.Name);
        _hungry.Remove(lane);
    }

    private static int Room(int room, bool urgent) => urgent ? 2 * room : room;

    private static void Count(Dictionary<long, int> counts, long key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    private static void Uncount(Dictionary<long, int> counts, long key)
    {
        if (counts[key] == 1)
            counts.Remove(key);
        else
            counts[key]--;
    }

    /// <summary>The lane whose turn it is, and whether it is for one that has just come in.</summary>
    private bool TryNextLane([NotNullWhen(true)] out Lane? lane, out bool fresh)
    {
        var hasFresh = TryPeek(_freshTurns, static lane => lane.FreshPlace, out var freshKey);
        var hasDisk = TryPeek(_diskTurns, static lane => lane.DiskPlace, out var diskKey) && _runningFromDisk < limits.MaxRunningFromDisk;
        lane = null;
        fresh = hasFresh && (!hasDisk || freshKey.CompareTo(diskKey) < 0);
        if (!hasFresh && !hasDisk)
            return false;

        lane = (fresh ? _freshTurns : _diskTurns).Dequeue().Lane;
        if (fresh)
            lane.FreshPlace = null;
        else
            lane.DiskPlace = null;
        return true;
    }

    private static bool TryPeek(PriorityQueue<(Lane Lane, long Place), (int, long)> turns, Func<Lane, (long Place, int Priority)?> placeOf, out (int, long) key)
    {
        while (turns.TryPeek(out var turn, out key))
        {
            if (placeOf(turn.Lane)?.Place == turn.Place)
                return true;
            turns.Dequeue();
        }

        return false;
    }

    /// <summary>Puts the lane into the lines of turns; where it stands there already, further ahead if it has become more urgent.</summary>
    private void OfferTurns(Lane lane)
    {
        if (!lane.MayStart)
            return;
        if (lane.Fresh.TryPeek(out var first, out _) && (lane.FreshPlace is not { } place || first.Entry.Priority > place.Priority))
            lane.FreshPlace = Offer(_freshTurns, lane, first.Entry.Priority);
        if (lane.FromDisk.TryPeek(out first, out _) && (lane.DiskPlace is not { } other || first.Entry.Priority > other.Priority))
            lane.DiskPlace = Offer(_diskTurns, lane, first.Entry.Priority);
    }

    private (long Place, int Priority) Offer(PriorityQueue<(Lane Lane, long Place), (int, long)> turns, Lane lane, int priority)
    {
        var place = _order++;
        turns.Enqueue((lane, place), (-priority, place));
        return (place, priority);
    }
}

/// <summary>What became of an entry that was offered to the list.</summary>
internal enum Admission
{
    Taken,

    /// <summary>It is there already.</summary>
    Known,

    /// <summary>Its lane has no room, and remembers that there is more on disk.</summary>
    LaneFull,

    /// <summary>As <see cref="LaneFull"/>: nobody answers for it now.</summary>
    LaneDead,

    /// <summary>There is no room for any.</summary>
    Full,
}
