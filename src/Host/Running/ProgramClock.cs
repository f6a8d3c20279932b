using MailSuite.Host.Configuration;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.Running;

/// <summary>Moves the program's clock: first on the disk, then in the process, then everybody who waits for an instant looks again.</summary>
internal sealed partial class ProgramClock(HostSettings settings, ShiftedClock clock, IEnumerable<IClockFollower> followers, ILogger<ProgramClock> logger) : IProgramClock, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The clock as the data directory has it.</summary>
    /// <exception cref="StartException">The directory does not say.</exception>
    public static ShiftedClock Open(HostSettings settings, TimeProvider real)
    {
        var shift = ClockFile.Read(settings.DataDirectory);
        return new ShiftedClock(real) { Shift = settings.MayShiftClock ? shift : TimeSpan.Zero };
    }

    public ClockReading Read()
    {
        var (shift, real) = (clock.Shift, clock.Real.GetUtcNow());
        return new ClockReading(real + shift, real, shift, settings.MayShiftClock);
    }

    public async ValueTask<ClockChange> ShiftAsync(TimeSpan ahead, CancellationToken cancellationToken)
    {
        if (!settings.MayShiftClock)
            return new ClockChange.Refused("The clock of this server may not be put ahead. For a server that carries no real mail, set Clock:Shift to true and start it again.");
        if (ahead <= TimeSpan.Zero)
            return new ClockChange.Refused("The clock is only put ahead; back to the time on the wall goes reset.");

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return ahead > IProgramClock.MaxShift - clock.Shift
                ? new ClockChange.Refused($"The clock may be ahead by {IProgramClock.MaxShift.TotalDays:0} days at most.")
                : await MoveAsync(clock.Shift + ahead);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<ClockChange> ResetAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return clock.Shift == TimeSpan.Zero ? new ClockChange.Done(Read()) : await MoveAsync(TimeSpan.Zero);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Tells in the log what time it is, where that is not the time on the wall, and ends a shift that is no longer allowed.</summary>
    public void Tell()
    {
        if (clock.Shift > TimeSpan.Zero)
            LogAhead(clock.Shift, clock.GetUtcNow());
        else if (ClockFile.Read(settings.DataDirectory) is var left && left > TimeSpan.Zero)
        {
            ClockFile.Write(settings.DataDirectory, TimeSpan.Zero);
            LogNotAllowed(left);
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<ClockChange> MoveAsync(TimeSpan shift)
    {
        try
        {
            ClockFile.Write(settings.DataDirectory, shift);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ClockChange.Refused($"The data directory cannot be written: {e.Message}");
        }

        var isBack = shift < clock.Shift;
        clock.Shift = shift;
        if (isBack)
            LogReal(clock.GetUtcNow());
        else
            LogAhead(shift, clock.GetUtcNow());
        foreach (var follower in followers)
        {
            try
            {
                // Whoever asked may be gone by now; the clock is moved all the same.
                await follower.MovedAsync(isBack, CancellationToken.None);
            }
            catch (Exception e)
            {
                // It looks again by itself, in an hour at most.
                LogNotFollowed(e);
            }
        }

        return new ClockChange.Done(Read());
    }

    [LoggerMessage(LogLevel.Warning, "THE CLOCK IS SHIFTED by {Shift}: it is {Now:yyyy-MM-dd HH:mm:ss} UTC for all mail here. Back to the time on the wall: mailsuite clock reset")]
    private partial void LogAhead(TimeSpan shift, DateTimeOffset now);

    [LoggerMessage(LogLevel.Warning, "The clock is back: it is {Now:yyyy-MM-dd HH:mm:ss} UTC, as on the wall.")]
    private partial void LogReal(DateTimeOffset now);

    [LoggerMessage(LogLevel.Warning, "The clock was ahead by {Shift}, which Clock:Shift no longer allows: it is the time on the wall again.")]
    private partial void LogNotAllowed(TimeSpan shift);

    [LoggerMessage(LogLevel.Error, "The clock was moved, and not everything that waits has looked again")]
    private partial void LogNotFollowed(Exception exception);
}
