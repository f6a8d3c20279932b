using System.Diagnostics;
using MailSuite.Bench.Mailboxes.Wire;

namespace MailSuite.Bench.Mailboxes.Model;

/// <summary>What all sessions together know of one mailbox: what was asked for, what was told. Nothing in it is ever forgotten.</summary>
internal sealed class BoxLedger(string name)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<uint, Fate> _fates = [];
    private readonly List<Doubt> _doubts = [];
    private uint _uidValidity;
    private Floor _floor;

    public string Name => name;

    /// <summary>An EXPUNGE or CLOSE was asked for whose answer, or whose effect, nobody was told.</summary>
    public bool HasSilentExpunges { get; set; }

    /// <summary>What no later answer may be below; to be taken before a command is sent.</summary>
    public Floor Floor
    {
        get
        {
            lock (_lock)
                return _floor with { At = Stopwatch.GetTimestamp() };
        }
    }

    public T Read<T>(Func<IReadOnlyDictionary<uint, Fate>, IReadOnlyList<Doubt>, T> read)
    {
        lock (_lock)
            return read(_fates, _doubts);
    }

    public void TellUidValidity(uint value)
    {
        lock (_lock)
        {
            if (_uidValidity != 0 && _uidValidity != value)
                throw new WrongAnswerException($"UIDVALIDITY of {name} was {_uidValidity} and is {value}.");
            _uidValidity = value;
        }
    }

    public void TellUidNext(uint value, Floor before)
    {
        lock (_lock)
        {
            if (value < before.UidNext)
                throw new WrongAnswerException($"UIDNEXT of {name} is {value}, after UID {before.UidNext - 1} was told.");
            _floor = _floor with { UidNext = Math.Max(_floor.UidNext, value) };
        }
    }

    public void TellHighestModSeq(long value, Floor before)
    {
        lock (_lock)
        {
            if (value < before.ModSeq)
                throw new WrongAnswerException($"HIGHESTMODSEQ of {name} is {value}, after MODSEQ {before.ModSeq} was told.");
            _floor = _floor with { ModSeq = Math.Max(_floor.ModSeq, value) };
        }
    }

    /// <summary>A session was shown this UID.</summary>
    /// <param name="opened">When the session asked for the mailbox: what was gone by then is not shown.</param>
    public void Seen(uint uid, string? identity, long opened)
    {
        lock (_lock)
        {
            var fate = FateOf(uid);
            if (fate.GoneAt != 0 && fate.GoneAt < opened)
                throw new WrongAnswerException($"UID {uid} of {name} ({fate.Identity}) is there again: it was told to be gone before.");
            Bind(uid, fate, identity);
        }
    }

    public void TellState(uint uid, long modSeq, string flags)
    {
        lock (_lock)
        {
            FateOf(uid).Tell(modSeq, flags);
            _floor = _floor with { ModSeq = Math.Max(_floor.ModSeq, modSeq) };
        }
    }

    /// <summary>A command that makes messages was answered OK.</summary>
    /// <param name="mayBeExpunged">Whether they may have come with \Deleted.</param>
    public void Created(IReadOnlyList<uint> uids, IReadOnlyList<string?> identities, IReadOnlyList<bool> mayBeExpunged, Floor before)
    {
        lock (_lock)
        {
            for (var i = 0; i < uids.Count; i++)
            {
                if (uids[i] < before.UidNext)
                    throw new WrongAnswerException($"The new message of {name} has UID {uids[i]}, after UID {before.UidNext - 1} was told.");
                var fate = FateOf(uids[i]);
                if (fate.IsCreated)
                    throw new WrongAnswerException($"UID {uids[i]} of {name} was given to two messages.");
                fate.IsCreated = true;
                fate.MayBeExpunged |= mayBeExpunged[i];
                Bind(uids[i], fate, identities[i]);
            }
        }
    }

    /// <summary>A command that makes messages had no answer: each of them is there or is not.</summary>
    public void Doubt(Doubt doubt)
    {
        lock (_lock)
            _doubts.Add(doubt);
    }

    public void Gone(uint uid)
    {
        lock (_lock)
        {
            var fate = FateOf(uid);
            // Of a copy it is known only when its COPY was answered whether it came with \Deleted.
            if (fate.IsCreated && !fate.MayBeExpunged && !fate.MayBeMoved)
                throw new WrongAnswerException($"UID {uid} of {name} ({fate.Identity}) is told to be gone: nobody has asked for that.");
            if (fate.GoneAt == 0)
                fate.GoneAt = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>A session was told whether a keyword is set that nobody else changes.</summary>
    public void TellOwned(uint uid, string keyword, bool isSet)
    {
        lock (_lock)
        {
            if (FateOf(uid).Owned.TryGetValue(keyword, out var known) && known != isSet)
                throw new WrongAnswerException($"{keyword} of UID {uid} in {name} is {(isSet ? "set" : "not set")}, against the answer to the only session that changes it.");
        }
    }

    /// <summary>Changes what is known of some UIDs.</summary>
    public void Note(IEnumerable<uint> uids, Action<Fate> note)
    {
        lock (_lock)
        {
            foreach (var uid in uids)
                note(FateOf(uid));
        }
    }

    private void Bind(uint uid, Fate fate, string? identity)
    {
        if (identity is null)
            return;
        if (fate.Identity is { } known && known != identity)
            throw new WrongAnswerException($"UID {uid} of {name} was the message {known} and is now {identity}.");
        fate.Identity = identity;
    }

    private Fate FateOf(uint uid)
    {
        if (!_fates.TryGetValue(uid, out var fate))
            _fates.Add(uid, fate = new Fate());
        if (uid >= _floor.UidNext)
            _floor = _floor with { UidNext = uid + 1 };
        return fate;
    }
}

/// <param name="UidNext">Above every UID that anybody was told.</param>
/// <param name="ModSeq">The highest that anybody was told.</param>
/// <param name="At">When this was so.</param>
internal readonly record struct Floor(uint UidNext, long ModSeq, long At);

/// <summary>A copy that may have been made.</summary>
/// <param name="Source">For a MOVE the mailbox that it came from; otherwise <see langword="null"/>.</param>
internal sealed record Doubt(string? Identity, BoxLedger? Source, uint SourceUid);
