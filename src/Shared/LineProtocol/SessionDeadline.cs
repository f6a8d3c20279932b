namespace MailSuite.Shared.LineProtocol;

/// <summary>The one timer of a session: interrupts what the session waits for when its time is over.</summary>
/// <remarks>
/// Moving the deadline further away costs no timer operation: the timer looks at the deadline when it rings and sets itself again.
/// <paramref name="interrupt"/> runs on the timer's thread and may come late, when the session already waits for something else;
/// whoever is interrupted asks <see cref="IsOver"/>.
/// </remarks>
public sealed class SessionDeadline : IAsyncDisposable
{
    private const long Never = long.MaxValue;

    private readonly TimeProvider _clock;
    private readonly Action _interrupt;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long _deadline = Never;
    private long _armedFor = Never;

    public SessionDeadline(TimeProvider clock, Action interrupt)
    {
        _clock = clock;
        _interrupt = interrupt;
        _timer = clock.CreateTimer(static state => ((SessionDeadline)state!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsOver
    {
        get
        {
            lock (_lock)
                return _clock.GetTimestamp() >= _deadline;
        }
    }

    public void Set(TimeSpan wait)
    {
        lock (_lock)
        {
            _deadline = _clock.GetTimestamp() + (long)(wait.TotalSeconds * _clock.TimestampFrequency);
            if (_deadline < _armedFor)
                Arm(wait);
        }
    }

    public void Clear()
    {
        lock (_lock)
            _deadline = Never;
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Ring()
    {
        lock (_lock)
        {
            _armedFor = Never;
            if (_deadline == Never)
                return;

            var rest = _deadline - _clock.GetTimestamp();
            if (rest > 0)
            {
                Arm(TimeSpan.FromSeconds((double)rest / _clock.TimestampFrequency));
                return;
            }
        }

        _interrupt();
    }

    private void Arm(TimeSpan wait)
    {
        // Timers count whole milliseconds: rounding down would ring before the time.
        _armedFor = _deadline;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }
}
