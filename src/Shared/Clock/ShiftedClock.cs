namespace MailSuite.Shared.Clock;

/// <summary>The clock of a whole program, whose time of day can be put ahead. What it measures and how long its timers run stays as it is.</summary>
/// <remarks>
/// Instants that are written down come from <see cref="GetUtcNow"/>; who waits for one of them has to look again after a change
/// (<see cref="Contracts.IClockFollower"/>).
/// </remarks>
/// <param name="real">The clock on the wall.</param>
public sealed class ShiftedClock(TimeProvider real) : TimeProvider
{
    private long _shift;

    public TimeProvider Real => real;

    /// <summary>How far the time of day is ahead of the one on the wall.</summary>
    public TimeSpan Shift
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _shift));
        set => Volatile.Write(ref _shift, value.Ticks);
    }

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    public override long TimestampFrequency => real.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + Shift;

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);
}
