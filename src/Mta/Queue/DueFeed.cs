using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;

namespace MailSuite.Mta.Queue;

/// <summary>Brings what is due from disk to the list, each entry once. Not thread-safe.</summary>
/// <remarks>
/// It walks in the order of due times and remembers where it stands: what lies behind is in the list, or its lane remembers that there is more
/// (<see cref="Lane.Backlog"/>) and is then fed from the index of its destination. So what cannot be tried now is passed once and never walked over again. Whoever
/// makes something due that lies behind says so by <see cref="Rewind"/>.
/// </remarks>
internal sealed class DueFeed(SpoolReader reader, ReadyList ready, Arrivals arrivals)
{
    /// <summary>Entries read at once; between two readings the queue starts what it has.</summary>
    private const int ChunkEntries = 1000;

    /// <summary>Lanes fed at once.</summary>
    private const int MaxLanesFed = 20;

    private DuePlace _place = DuePlace.Start;
    private DuePlace _urgentPlace = DuePlace.Start;
    private bool _isFull;

    /// <summary>When there is something to be looked for on disk; <see cref="DateTimeOffset.MaxValue"/> for never.</summary>
    public DateTimeOffset NextDue { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>There may be something on disk that is due at an instant, or has become so.</summary>
    public void Rewind(DateTimeOffset dueAt)
    {
        if (dueAt < NextDue)
            NextDue = dueAt;
        var place = DuePlace.Before(dueAt);
        if (place.At <= _place.At)
            _place = place;
        if (place.At <= _urgentPlace.At)
            _urgentPlace = place;
    }

    /// <summary>Anything on disk may have changed.</summary>
    public void RewindAll()
    {
        (_place, _urgentPlace, NextDue, _isFull) = (DuePlace.Start, DuePlace.Start, DateTimeOffset.MinValue, false);
    }

    /// <summary>Brings a part of what is due.</summary>
    /// <returns>Whether there is more to bring now.</returns>
    public bool Feed(DateTimeOffset now)
    {
        var more = FeedLanes(now);
        if (ready.TakeOverflow())
            RewindAll();
        if (now < NextDue)
            return more;

        while (reader.Due(_urgentPlace, now, ChunkEntries, urgent: true) is { Count: > 0 } urgent && Add(urgent, ref _urgentPlace) && urgent.Count == ChunkEntries)
        {
            // All of what is urgent goes before anything else.
        }

        if (_isFull && !ready.HasRoom)
            return more;

        var entries = reader.Due(_place, now, ChunkEntries);
        _isFull = !Add(entries, ref _place);
        if (_isFull)
            return more;
        if (entries.Count == ChunkEntries)
            return true;

        _place = DuePlace.Behind(now);
        _urgentPlace = DuePlace.Behind(now);
        NextDue = reader.NextDue(now) ?? DateTimeOffset.MaxValue;
        return more;
    }

    /// <returns>Whether there was room for all.</returns>
    private bool Add(List<DueEntry> entries, ref DuePlace place)
    {
        foreach (var due in entries)
        {
            // What is being handed over comes with its octets.
            if (!arrivals.IsComing(due.Entry.MessageKey) && ready.TryAdd(new Ready(due.Entry, null) { DueAt = due.At }) == Admission.Full)
                return false;
            place = due.Place;
        }

        return true;
    }

    private bool FeedLanes(DateTimeOffset now)
    {
        for (var fed = 0; ready.HasRoom && ready.TryHungry(out var lane, out var destination, out var room); fed++)
        {
            if (fed == MaxLanesFed)
                return true;

            var entries = reader.DueInTurn(destination, now, lane.Senders, entry => !ready.Knows(entry) && !arrivals.IsComing(entry.MessageKey), room, out var isAll);
            ready.Fed(lane, destination, entries, isAll);
        }

        return false;
    }
}
