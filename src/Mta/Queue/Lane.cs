using MailSuite.Mta.Spool.Sqlite;

namespace MailSuite.Mta.Queue;

/// <summary>What waits for one next hop and is under way to it, and how many at once it stands. State of <see cref="ReadyList"/> alone.</summary>
/// <remarks>
/// Concurrency: it begins with <see cref="FirstConcurrency"/>, grows by one with as many successes as it is large, and shrinks by one with each failure of the
/// host; one that nobody answers for is left alone until <see cref="DeadUntil"/> and then tried with one. The manner is that of Postfix's queue manager.
/// </remarks>
internal sealed class Lane(string name, int maxConcurrency)
{
    /// <summary>Postfix's initial_destination_concurrency.</summary>
    private const int FirstConcurrency = 5;

    /// <summary>Senders whose turn is remembered; of more, those who have no claim are forgotten.</summary>
    private const int MaxTurns = 1000;

    private readonly Dictionary<long, long> _turns = [];
    private long _turn;
    private int _successes;

    public string Name => name;

    /// <summary>Handed over in memory; the more urgent first, then each sender in turn.</summary>
    public PriorityQueue<Ready, (int Urgency, long Turn, long Order)> Fresh { get; } = new();

    /// <summary>Read from disk, in the same order.</summary>
    public PriorityQueue<Ready, (int Urgency, long Turn, long Order)> FromDisk { get; } = new();

    /// <summary>Destinations of which there may be more on disk than is here.</summary>
    public HashSet<string> Backlog { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether there are too many of these to be remembered one by one.</summary>
    public bool BacklogOverflows { get; set; }

    /// <summary>How often something was added to <see cref="Backlog"/>.</summary>
    public int BacklogVersion { get; set; }

    /// <summary>How far the senders have been served from disk.</summary>
    public SenderRound Senders { get; } = new();

    public int Running { get; set; }

    /// <summary>Entries under way at once now.</summary>
    public int Concurrency { get; private set; } = Math.Min(FirstConcurrency, maxConcurrency);

    /// <summary>Until when it is left alone; <see langword="null"/> when it is not dead.</summary>
    public DateTimeOffset? DeadUntil { get; private set; }

    /// <summary>Whether it was dead and one entry is to find out whether it still is.</summary>
    public bool IsProbing { get; private set; }

    /// <summary>Why its host failed last.</summary>
    public string? LastError { get; set; }

    public bool IsLent { get; set; }

    /// <summary>Its places in the lines of turns; an older one is void. <see langword="null"/> when it does not stand there.</summary>
    public (long Place, int Priority)? FreshPlace { get; set; }

    public (long Place, int Priority)? DiskPlace { get; set; }

    public bool MayStart => DeadUntil is null && Running < Concurrency;

    public bool IsIdle => Fresh.Count == 0 && FromDisk.Count == 0 && Running == 0 && Backlog.Count == 0 && !BacklogOverflows && !IsLent;

    /// <summary>The place of a sender's next entry: behind all of the same sender, beside the others'.</summary>
    public long TurnOf(long sender)
    {
        if (_turns.Count > MaxTurns)
        {
            foreach (var (other, last) in _turns)
            {
                if (last < _turn)
                    _turns.Remove(other);
            }
        }

        var turn = _turns.TryGetValue(sender, out var before) ? Math.Max(before + 1, _turn) : _turn;
        _turns[sender] = turn;
        return turn;
    }

    /// <summary>An entry of a turn starts.</summary>
    public void Started(long turn)
    {
        _turn = Math.Max(_turn, turn);
        if (Fresh.Count + FromDisk.Count == 0)
            _turns.Clear();
    }

    public void Succeeded()
    {
        IsProbing = false;
        if (++_successes < Concurrency)
            return;
        _successes = 0;
        Concurrency = Math.Min(Concurrency + 1, maxConcurrency);
    }

    public void HostFailed()
    {
        _successes = 0;
        Concurrency = Math.Max(1, Concurrency - 1);
    }

    public void Dies(DateTimeOffset until)
    {
        DeadUntil = until;
        IsProbing = false;
        Concurrency = 1;
        _successes = 0;
    }

    /// <summary>Tries it again, with one entry at first.</summary>
    public void Wakes()
    {
        DeadUntil = null;
        IsProbing = true;
    }
}
