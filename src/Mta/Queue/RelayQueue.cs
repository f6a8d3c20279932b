using System.Collections.Concurrent;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Queue;

/// <summary>Starts what is due, so much at a time as the options allow, and reports what has failed. One loop; all its state is the loop's own.</summary>
/// <remarks>
/// It begins when every part of the program has started, since it calls the MDA. When the program ends, attempts that are not sending a message
/// are broken off, the others are waited for.
/// </remarks>
internal sealed partial class RelayQueue(
    MtaOptions options, SpoolStore spool, QueueBell bell, DeliveryAttempt attempt, Reporting reporting, ClockReturn clockReturn, TimeProvider clock, ILogger<RelayQueue> logger)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>Entries in memory at most; the others stay on disk until there is room.</summary>
    private const int MaxReady = 2000;

    /// <summary>Of these, for one destination.</summary>
    private const int MaxReadyPerDestination = 100;

    /// <summary>Messages whose reports are looked for at once.</summary>
    private const int MaxUnreported = 100;

    /// <summary>How long the loop waits when the spool cannot be read, and before a report that could not be written is tried again.</summary>
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(5);

    /// <summary>The longest sleep; what has been kept long enough is deleted then.</summary>
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromHours(1);

    private readonly ReadyList _ready = new(MaxReady, MaxReadyPerDestination, options.Relay.MaxConcurrent, options.Relay.MaxConcurrentPerDestination);
    private readonly ConcurrentQueue<Action> _orders = new();
    private readonly Dictionary<long, List<TranscriptLine>> _failureDialogues = [];
    private readonly HashSet<long> _reporting = [];
    private readonly HashSet<Task> _tasks = [];
    private readonly CancellationTokenSource _stopping = new();
    private DateTimeOffset _nextHousekeeping = DateTimeOffset.MinValue;
    private Task _loop = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(LoopAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    /// <param name="cancellationToken">When the program cannot wait any longer.</param>
    public Task StopAsync(CancellationToken cancellationToken) => _loop.WaitAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    /// <summary>Tries now all that waits for some destinations.</summary>
    /// <returns>How many recipients would have waited longer.</returns>
    /// <exception cref="SpoolUnavailableException">The spool cannot be written; part of it may be tried.</exception>
    public async Task<int> RunNowAsync(IEnumerable<string> destinations, CancellationToken cancellationToken)
    {
        var recipients = 0;
        foreach (var destination in destinations)
            recipients += await spool.MakeDueAsync(destination, cancellationToken);
        bell.Ring();
        return recipients;
    }

    /// <summary>Lends what waits for some destinations, so that nobody else sends it.</summary>
    /// <returns><see langword="null"/> when one of them is lent already.</returns>
    /// <exception cref="OperationCanceledException">The program ends.</exception>
    public Task<QueueLoan?> LendAsync(IReadOnlyList<string> destinations) => AskAsync(() =>
    {
        for (var i = 0; i < destinations.Count; i++)
        {
            if (_ready.TryLend(destinations[i]))
                continue;
            foreach (var lent in destinations.Take(i))
                _ready.TakeBack(lent);
            return null;
        }

        return new QueueLoan(this, destinations);
    });

    /// <summary>Starts the next entry of destinations that are lent.</summary>
    internal Task<QueueEntry?> TakeLentAsync(IReadOnlyList<string> destinations) => AskAsync(() =>
    {
        var now = clock.GetUtcNow();
        foreach (var entry in destinations.SelectMany(destination => spool.Reader.DueFor(destination, now)))
        {
            if (_ready.TryTakeLent(entry))
                return (QueueEntry?)entry;
        }

        return null;
    });

    /// <summary>An entry is no longer under way.</summary>
    internal void Finish(QueueEntry entry, AttemptResult result) => Order(() =>
    {
        _ready.Done(entry);
        if (result.Failed)
            DialogueOf(entry.MessageKey).AddRange(result.Dialogue);
    });

    internal void TakeBack(IReadOnlyList<string> destinations) => Order(() =>
    {
        foreach (var destination in destinations)
            _ready.TakeBack(destination);
    });

    /// <summary>Has the loop do something, whose the state is.</summary>
    private void Order(Action work)
    {
        _orders.Enqueue(work);
        bell.Ring();
    }

    private async Task<T> AskAsync<T>(Func<T> work)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Order(() =>
        {
            try
            {
                answer.SetResult(work());
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        return await answer.Task.WaitAsync(_stopping.Token);
    }

    private async Task LoopAsync()
    {
        using var timer = clock.CreateTimer(static bell => ((QueueBell)bell!).Ring(), bell, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                _stopping.Token.ThrowIfCancellationRequested();
                await TurnAsync(timer);
                await bell.WaitAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }

        await Task.WhenAll(_tasks);
    }

    private async Task TurnAsync(ITimer timer)
    {
        while (_orders.TryDequeue(out var order))
            order();
        _tasks.RemoveWhere(task => task.IsCompleted);

        try
        {
            var now = clock.GetUtcNow();
            await KeepHouseAsync(now);
            Load(now, urgent: true);
            Load(now, urgent: false);
            while (_ready.TryTake(out var entry))
                Start(entry);
            foreach (var message in spool.Reader.Unreported(MaxUnreported))
                StartReport(message);
            WakeAt(timer, spool.Reader.NextDue(now), now);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFault(e);
            timer.Change(FaultPause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Load(DateTimeOffset now, bool urgent)
    {
        var more = true;
        while (more && !_ready.IsFull(urgent))
        {
            more = false;
            foreach (var entry in spool.Reader.Due(now, _ready.FullDestinations(urgent), urgent))
            {
                if (_ready.TryAdd(entry))
                    continue;

                // Its destination is full now. The database passes over the others of it sooner than we do.
                more = true;
                break;
            }
        }
    }

    private void WakeAt(ITimer timer, DateTimeOffset? due, DateTimeOffset now)
    {
        var wait = due is { } at && at - now < HousekeepingInterval ? at - now : HousekeepingInterval;
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        // The clock went on while the spool was read: the timer, which counts from here, would be late.
        if (due is not null && clock.GetUtcNow() >= due)
            bell.Ring();
    }

    private void Start(QueueEntry entry) => _tasks.Add(RunAttemptAsync(entry));

    private async Task RunAttemptAsync(QueueEntry entry)
    {
        var result = AttemptResult.Nothing;
        try
        {
            result = await Task.Run(() => attempt.RunAsync(entry, turned: null, _stopping.Token), CancellationToken.None);
        }
        catch (Exception e)
        {
            LogFault(e);
            await PauseAsync();
        }

        Finish(entry, result);
    }

    private List<TranscriptLine> DialogueOf(long messageKey)
    {
        if (!_failureDialogues.TryGetValue(messageKey, out var dialogue))
            _failureDialogues.Add(messageKey, dialogue = []);
        return dialogue;
    }

    /// <summary>Reports a message's failures, unless some attempt at it is under way whose failures belong into the same report.</summary>
    private void StartReport(long message)
    {
        if (_ready.IsRunning(message) || !_reporting.Add(message))
            return;

        _failureDialogues.Remove(message, out var dialogue);
        _tasks.Add(RunReportAsync(message, dialogue ?? []));
    }

    private async Task RunReportAsync(long message, List<TranscriptLine> dialogue)
    {
        try
        {
            await Task.Run(() => reporting.RunAsync(message, dialogue, _stopping.Token), CancellationToken.None);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next start makes it.
        }
        catch (Exception e)
        {
            LogFault(e);
            await PauseAsync();
        }

        Order(() => _reporting.Remove(message));
    }

    private async Task KeepHouseAsync(DateTimeOffset now)
    {
        // Further away than it ever is: the clock went back.
        if (now < _nextHousekeeping && _nextHousekeeping - now <= HousekeepingInterval)
            return;

        _nextHousekeeping = now + HousekeepingInterval;
        await clockReturn.BringBackAsync(_stopping.Token);
        var removed = await spool.KeepHouseAsync(_stopping.Token);
        if (removed > 0)
            LogRemoved(removed);
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(FaultPause, clock, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The queue has a fault of its own; it goes on in a moment")]
    private partial void LogFault(Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Messages} reports that could not be delivered have been kept long enough and are deleted")]
    private partial void LogRemoved(int messages);
}
