using MailSuite.Mta.Spool.Sqlite;

namespace MailSuite.Mta.Queue;

/// <summary>Has messages looked at whose recipients wait while there is something to tell or decide (<see cref="OverdueMail"/>). State of the queue's loop.</summary>
internal sealed class OverdueFeed(SpoolReader reader, ReadyList ready, OverdueMail overdue, LoopTasks tasks)
{
    /// <summary>Messages looked for at once: more than can be under way, which are left out.</summary>
    private const int MaxMessages = 500;

    /// <summary>Messages looked at at once.</summary>
    private const int MaxAtOnce = 8;

    /// <summary>What comes in sets instants nobody tells of here; they are looked for so often.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly HashSet<long> _underWay = [];
    private bool _isBehind;

    public DateTimeOffset NextLook { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>There is something at an instant that came in just now.</summary>
    public void At(DateTimeOffset instant)
    {
        if (instant < NextLook)
            NextLook = instant;
    }

    /// <summary>What was left out may be free now.</summary>
    public void SomethingEnded()
    {
        if (_isBehind)
            NextLook = DateTimeOffset.MinValue;
    }

    public void Feed(DateTimeOffset now, Action reportsAreDue)
    {
        // Further away than it ever is: the clock went back.
        if (now < NextLook && NextLook - now <= LongestPause)
            return;

        _isBehind = false;
        foreach (var message in reader.Notices(now, MaxMessages))
        {
            // Its attempts see to it, and perhaps its mail leaves.
            if (_underWay.Contains(message) || ready.Holds(message) || _underWay.Count == MaxAtOnce)
            {
                _isBehind = true;
                continue;
            }

            _underWay.Add(message);
            tasks.Run(async stopping => await overdue.RunAsync(message, stopping), failed =>
            {
                _underWay.Remove(message);
                if (failed)
                    reportsAreDue();
                SomethingEnded();
            });
            _isBehind = true;
        }

        var latest = now + LongestPause;
        NextLook = reader.NextNotice(now) is { } next && next < latest ? next : latest;
    }
}
