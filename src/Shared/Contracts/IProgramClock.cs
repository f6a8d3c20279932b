namespace MailSuite.Shared.Contracts;

/// <summary>
/// The program's clock, which can be put ahead, so that retries, warnings of delay and expiry are seen in seconds. The Host implements it;
/// the Mua gives it a command and a page.
/// </summary>
public interface IProgramClock
{
    /// <summary>The furthest that a clock may be ahead: what MTAs let be held for at most (FUTURERELEASE) ends within it.</summary>
    static readonly TimeSpan MaxShift = TimeSpan.FromDays(3_650);

    ClockReading Read();

    /// <summary>Puts the clock ahead, by so much more than it is already. Durable when the task is done, and whoever waits for an instant has looked again.</summary>
    ValueTask<ClockChange> ShiftAsync(TimeSpan ahead, CancellationToken cancellationToken);

    /// <summary>Brings it back to the time on the wall. What waits for an instant that was reckoned on the shifted clock waits no longer than its schedule says.</summary>
    ValueTask<ClockChange> ResetAsync(CancellationToken cancellationToken);
}

/// <param name="Now">The program's time.</param>
/// <param name="Real">The time on the wall.</param>
/// <param name="MayShift">Whether the configuration lets it be put ahead; where it does not, it never is.</param>
public sealed record ClockReading(DateTimeOffset Now, DateTimeOffset Real, TimeSpan Shift, bool MayShift);

public abstract record ClockChange
{
    private ClockChange()
    {
    }

    public sealed record Done(ClockReading Reading) : ClockChange;

    /// <summary>Nothing was changed; the reason names the remedy.</summary>
    public sealed record Refused(string Reason) : ClockChange;
}
