using System.Data.Common;
using MailSuite.Mua.Journey.Sqlite;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mua.Journey;

/// <summary>Takes events from the queue and writes them in batches; removes what is too old or too much.</summary>
/// <remarks>A disk that cannot be written costs journeys, never mail: the batch is counted as lost and the writer goes on.</remarks>
internal sealed partial class JourneyWriter(JourneyQueue queue, JourneyDatabase database, MuaOptions options, TimeProvider clock, ILogger<JourneyWriter> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private long _droppedTold;
    private DateTimeOffset _nextTelling;

    /// <summary>Brings the database up to date, and only then takes events; a database that is newer than the program ends the start.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.PrepareAsync(cancellationToken);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends the writer where nobody stopped it before, as after a start that failed: the database must not close under it.</summary>
    public void Dispose()
    {
        queue.Close();
        if (!_loop.IsCompleted)
        {
            _stopping.Cancel();
            _loop.Wait(JourneyStoreLimits.ReadYourWrites * 5);
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var events = new List<JourneyEvent>(JourneyStoreLimits.MaxBatch);
        var flushes = new List<TaskCompletionSource>();
        var nextSweep = clock.GetUtcNow();
        using var sweepDue = new PeriodicTimer(JourneyStoreLimits.SweepEvery, clock);
        var tick = sweepDue.WaitForNextTickAsync(CancellationToken.None).AsTask();

        while (true)
        {
            var wait = queue.WaitAsync(CancellationToken.None).AsTask();
            await Task.WhenAny(wait, tick);
            if (tick.IsCompleted)
                tick = sweepDue.WaitForNextTickAsync(CancellationToken.None).AsTask();

            if (wait.IsCompleted && !await wait)
                break;

            queue.Take(events, flushes, JourneyStoreLimits.MaxBatch);
            if (events.Count > 0 && flushes.Count == 0)
            {
                await Task.Delay(JourneyStoreLimits.Gather, clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                queue.Take(events, flushes, JourneyStoreLimits.MaxBatch);
            }

            Write(events);
            events.Clear();
            foreach (var flush in flushes)
                flush.TrySetResult();
            flushes.Clear();

            TellOfDropped();
            if (clock.GetUtcNow() is var now && (now >= nextSweep || nextSweep - now > JourneyStoreLimits.SweepEvery))
            {
                Sweep();
                nextSweep = now + JourneyStoreLimits.SweepEvery;
            }
        }
    }

    private void Write(List<JourneyEvent> events)
    {
        if (events.Count == 0)
            return;

        try
        {
            database.Append(events);
        }
        catch (DbException e)
        {
            queue.CountLost(events.Count);
            LogNotWritten(logger, events.Count, e);
        }
#pragma warning disable CA1031 // Whatever is wrong with one batch, the next ones are to be written.
        catch (Exception e)
#pragma warning restore CA1031
        {
            queue.CountLost(events.Count);
            LogBug(logger, events.Count, e);
        }
    }

    private void Sweep()
    {
        try
        {
            while (!_stopping.IsCancellationRequested && database.RemoveSome(clock.GetUtcNow() - options.JourneyRetention, options.JourneyMaxEvents))
            {
            }
        }
        catch (DbException e)
        {
            LogNotSwept(logger, e);
        }
    }

    private void TellOfDropped()
    {
        var dropped = queue.Dropped;
        if (dropped == _droppedTold || clock.GetUtcNow() < _nextTelling)
            return;

        LogDropped(logger, dropped - _droppedTold, dropped);
        _droppedTold = dropped;
        _nextTelling = clock.GetUtcNow() + TimeSpan.FromMinutes(1);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} journey events were dropped, {Total} since the start: they came quicker than the disk takes them. No mail is concerned.")]
    private static partial void LogDropped(ILogger logger, long count, long total);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} journey events could not be written and are lost. No mail is concerned.")]
    private static partial void LogNotWritten(ILogger logger, int count, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} journey events are lost by a mistake in this program. No mail is concerned.")]
    private static partial void LogBug(ILogger logger, int count, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old journeys could not be removed now; it is tried again in some minutes.")]
    private static partial void LogNotSwept(ILogger logger, Exception exception);
}
