using MailSuite.Shared.Contracts;

namespace MailSuite.Testing;

/// <summary>A clock that can be put ahead and moves nothing.</summary>
public sealed class FakeProgramClock : IProgramClock
{
    private TimeSpan _shift;

    public bool MayShift { get; set; } = true;

    public ClockReading Read()
    {
        var real = new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
        return new ClockReading(real + _shift, real, _shift, MayShift);
    }

    public ValueTask<ClockChange> ShiftAsync(TimeSpan ahead, CancellationToken cancellationToken)
    {
        if (!MayShift)
            return new(new ClockChange.Refused("it may not"));
        _shift += ahead;
        return new(new ClockChange.Done(Read()));
    }

    public ValueTask<ClockChange> ResetAsync(CancellationToken cancellationToken)
    {
        _shift = TimeSpan.Zero;
        return new(new ClockChange.Done(Read()));
    }
}
