using System.Collections.Concurrent;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Queue;

/// <summary>Starts what is due, so much at a time as the options allow, and has reported what is to be told. One loop; all its state is the loop's own.</summary>
/// <remarks>
/// <para>It begins when every part of the program has started, since it calls the MDA. When the program ends, attempts that are not sending a message
/// are broken off, the others are waited for.</para>
/// <para>A turn costs nothing for what is not due: what comes in is handed over in memory (<see cref="Arrivals"/>), and the spool is asked only when the clock
/// has come to an instant at which something is due there.</para>
/// </remarks>
internal sealed partial class RelayQueue : IHostedLifecycleService, IDisposable
{
    /// <summary>Entries read from disk that wait in memory at most; the others stay on disk until there is room.</summary>
    private const int MaxReady = 2000;

    /// <summary>Of these, for one next hop.</summary>
    private const int MaxReadyPerLane = 100;

    /// <summary>How long the loop waits when the spool cannot be read, and before something that failed is tried again.</summary>
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(5);

    /// <summary>The longest sleep: a clock that was set by somebody else is noticed by then.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    /// <summary>What has been kept long enough is deleted so often.</summary>
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromHours(1);

    private readonly SpoolStore _spool;
    private readonly QueueBell _bell;
    private readonly Arrivals _arrivals;
    private readonly DeliveryAttempt _attempt;
    private readonly DestinationBreakers _breakers;
    private readonly ClockReturn _clockReturn;
    private readonly AttemptJourney _journey;
    private readonly TimeProvider _clock;
    private readonly ILogger<RelayQueue> _logger;
    private readonly ReadyList _ready;
    private readonly DueFeed _due;
    private readonly ReportFeed _reports;
    private readonly OverdueFeed _overdue;
    private readonly LoopTasks _tasks;
    private readonly ConcurrentQueue<(Ready Ready, AttemptResult Result)> _ended = new();
    private readonly ConcurrentQueue<Action> _orders = new();
    private readonly List<Ready> _forgotten = [];
    private readonly CancellationTokenSource _stopping = new();
    private DateTimeOffset _nextHousekeeping = DateTimeOffset.MinValue;
    private DateTimeOffset _lastTurn = DateTimeOffset.MinValue;
    private int _attempts;
    private Task _loop = Task.CompletedTask;

    public RelayQueue(
        MtaOptions options, SpoolStore spool, QueueBell bell, Arrivals arrivals, DeliveryAttempt attempt, Reporting reporting, OverdueMail overdue, DestinationBreakers breakers,
        ClockReturn clockReturn, LaneKeys lanes, AttemptJourney journey, TimeProvider clock, ILogger<RelayQueue> logger)
    {
        (_spool, _bell, _arrivals, _attempt, _breakers, _clockReturn, _journey, _clock, _logger) = (spool, bell, arrivals, attempt, breakers, clockReturn, journey, clock, logger);
        var relay = options.Relay;
        _ready = new ReadyList(
            new ReadyLimits(MaxReady, MaxReadyPerLane, Math.Max(1, relay.HandOverMessages - (relay.HandOverMessages / 4)), relay.MaxConcurrent, relay.MaxConcurrentPerDestination),
            lanes.Of, lane => lanes.MayDie(lane) ? breakers.DeadUntil(lane) : null);
        _tasks = new LoopTasks(Order, FaultAsync, _stopping.Token);
        _due = new DueFeed(spool.Reader, _ready, arrivals);
        _reports = new ReportFeed(spool.Reader, _ready, reporting, _tasks);
        _overdue = new OverdueFeed(spool.Reader, _ready, overdue, _tasks);
    }

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

    /// <summary>Tries now all that waits for some destinations, whether or not anybody has answered there lately.</summary>
    /// <returns>How many recipients would have waited longer.</returns>
    /// <exception cref="SpoolUnavailableException">The spool cannot be written; part of it may be tried.</exception>
    public async Task<int> RunNowAsync(IEnumerable<string> destinations, CancellationToken cancellationToken)
    {
        var recipients = 0;
        foreach (var destination in destinations)
            recipients += await _spool.MakeDueAsync(destination, cancellationToken);
        _arrivals.LookAgain();
        return recipients;
    }

    /// <summary>How the next hops stand, the busiest first.</summary>
    /// <exception cref="OperationCanceledException">The program ends.</exception>
    public Task<IReadOnlyList<LaneState>> LanesAsync(int limit) => AskAsync(() => _ready.States(limit));

    /// <summary>Lends what waits for some destinations, so that nobody else sends it.</summary>
    /// <returns><see langword="null"/> when one of them is lent already.</returns>
    /// <exception cref="OperationCanceledException">The program ends.</exception>
    public Task<QueueLoan?> LendAsync(IReadOnlyList<string> destinations) => AskAsync(() =>
    {
        for (var i = 0; i < destinations.Count; i++)
        {
            if (_ready.TryLend(destinations[i], _forgotten))
                continue;
            foreach (var lent in destinations.Take(i))
                _ready.TakeBack(lent);
            return null;
        }

        Release(_forgotten);
        return new QueueLoan(this, destinations);
    });

    /// <summary>Starts the next entry of destinations that are lent.</summary>
    internal Task<Ready?> TakeLentAsync(IReadOnlyList<string> destinations) => AskAsync(() =>
    {
        var now = _clock.GetUtcNow();
        foreach (var entry in destinations.SelectMany(destination => _spool.Reader.DueFor(destination, now)))
        {
            if (!_arrivals.IsComing(entry.MessageKey) && _ready.TryTakeLent(entry) is { } ready)
                return ready;
        }

        return null;
    });

    /// <summary>An entry is no longer under way.</summary>
    internal void Finish(Ready ready, AttemptResult result)
    {
        _ended.Enqueue((ready, result));
        _bell.Ring();
    }

    internal void TakeBack(IReadOnlyList<string> destinations) => Order(() =>
    {
        foreach (var destination in destinations)
            _ready.TakeBack(destination);
    });

    /// <summary>Has the loop do something, whose the state is.</summary>
    private void Order(Action work)
    {
        _orders.Enqueue(work);
        _bell.Ring();
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
        using var timer = _clock.CreateTimer(static bell => ((QueueBell)bell!).Ring(), _bell, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                _stopping.Token.ThrowIfCancellationRequested();
                if (!Turn(timer))
                    await _bell.WaitAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }

        // What rang last may not have been looked at.
        TakeWhatCame();
        while (_attempts + _tasks.Count > 0)
        {
            await _bell.WaitAsync(CancellationToken.None);
            TakeWhatCame();
        }
    }

    /// <returns>Whether there is more to do at once.</returns>
    private bool Turn(ITimer timer)
    {
        try
        {
            TakeWhatCame();
            var now = _clock.GetUtcNow();
            FollowClock(now);
            KeepHouse(now);
            _ready.Wake(now);
            var more = _due.Feed(now);
            while (_ready.TryTake(out var ready))
                Start(ready, now);
            _reports.Feed();
            _overdue.Feed(now, _reports.Look);
            WakeAt(timer, now);
            return more;
        }
        catch (Exception e)
        {
            LogFault(e);
            timer.Change(FaultPause, Timeout.InfiniteTimeSpan);
            return false;
        }
    }

    /// <summary>When the clock went back, what was due is not any more: attempts found nothing to do, and it is to be found once more when its time comes again.</summary>
    private void FollowClock(DateTimeOffset now)
    {
        if (_lastTurn - now > LongestSleep)
            LookAgain();
        else if (now < _lastTurn)
            _due.Rewind(now);
        _lastTurn = now;
    }

    private void TakeWhatCame()
    {
        // Before what has ended: an entry that was found on disk and tried already is not to be tried once more because it is handed over late.
        TakeArrivals();
        if (_arrivals.TakeLookAgain())
            LookAgain();
        while (_orders.TryDequeue(out var order))
            order();
        while (_ended.TryDequeue(out var ended))
            End(ended.Ready, ended.Result);
    }

    private void LookAgain()
    {
        _breakers.Forget();
        _ready.ForgetAll(_forgotten);
        _ready.ReviveAll();
        Release(_forgotten);
        _due.RewindAll();
        _reports.Look();
        _overdue.At(DateTimeOffset.MinValue);
    }

    private void TakeArrivals()
    {
        while (_arrivals.TryTake(out var arrival))
        {
            var message = arrival.Message;
            var ready = new Ready(arrival.Entry, message);
            var admission = _ready.TryAdd(ready);
            if (message.Requests.DeliverBy is { } by)
                _overdue.At(by.Deadline);
            if (admission == Admission.Taken)
                continue;

            _arrivals.Release(message);
            if (admission == Admission.Full)
                _due.Rewind(message.AcceptedAt);
            else if (admission == Admission.LaneDead && _breakers.DeadUntil(ready.Lane) is { } until)
                _journey.PutOff(message, until);
        }

        if (_arrivals.TakeMissed() is { } missed)
        {
            _due.Rewind(missed);
            _reports.Look();
        }
    }

    private void Start(Ready ready, DateTimeOffset now)
    {
        ready.StartedAt = now;
        _attempts++;
        _ = RunAttemptAsync(ready);
    }

    private async Task RunAttemptAsync(Ready ready)
    {
        var result = AttemptResult.Nothing with { IsOpen = true };
        try
        {
            result = await Task.Run(() => _attempt.RunAsync(ready, turned: null, _stopping.Token), CancellationToken.None);
        }
        catch (Exception e)
        {
            await FaultAsync(e);
        }

        Finish(ready, result);
    }

    private void End(Ready ready, AttemptResult result)
    {
        if (!ready.IsLent)
            _attempts--;
        if (ready.Message is { } message)
            _arrivals.Release(message);
        if (_ready.Done(ready, result, _forgotten) is { } dead)
            PutOff(dead);
        Release(_forgotten);
        if (result.NextDue is { } next)
            _due.Rewind(next);
        _reports.Ended(ready.Entry.MessageKey, result);
        _overdue.SomethingEnded();
    }

    private void Release(List<Ready> forgotten)
    {
        foreach (var ready in forgotten)
        {
            if (ready.Message is { } message)
                _arrivals.Release(message);
        }

        forgotten.Clear();
    }

    /// <summary>
    /// What waits for a next hop that nobody answers for is left alone until it is tried again: a little of it is put off on disk, and of more it is remembered that it is there.
    /// A next hop for many destinations is only remembered, since what waits for these may have other ways.
    /// </summary>
    private void PutOff(Lane lane)
    {
        if (lane.Backlog.Count == 0 || lane.DeadUntil is not { } until || lane.Backlog.Any(destination => destination != lane.Name))
            return;

        var (version, all) = (lane.BacklogVersion, _ready.IsCrowded);
        _tasks.Run(stopping => _spool.PutOffAsync(lane.Name, until, all, stopping), done =>
        {
            _due.Rewind(until);
            if (done)
                _ready.PutOff(lane, version);
        });
    }

    private void KeepHouse(DateTimeOffset now)
    {
        // Further away than it ever is: the clock went back.
        if (now < _nextHousekeeping && _nextHousekeeping - now <= HousekeepingInterval)
            return;

        _nextHousekeeping = now + HousekeepingInterval;
        _tasks.Run(
            async stopping =>
            {
                var brought = await _clockReturn.BringBackAsync(onPurpose: false, stopping);
                var removed = await _spool.KeepHouseAsync(stopping);
                if (removed > 0)
                    LogRemoved(removed);
                return brought;
            },
            brought =>
            {
                if (brought > 0)
                    _due.RewindAll();
            });
    }

    private void WakeAt(ITimer timer, DateTimeOffset now)
    {
        var next = now + LongestSleep;
        Sooner(_due.NextDue);
        Sooner(_overdue.NextLook);
        Sooner(_nextHousekeeping);
        if (_ready.NextWake is { } wake)
            Sooner(wake);
        timer.Change(next - now, Timeout.InfiniteTimeSpan);
        // The clock went on while the spool was read: the timer, which counts from here, would be late.
        if (_clock.GetUtcNow() >= next)
            _bell.Ring();

        // What is past is waiting for room, which the end of something makes.
        void Sooner(DateTimeOffset at)
        {
            if (at > now && at < next)
                next = at;
        }
    }

    private async Task FaultAsync(Exception error)
    {
        LogFault(error);
        try
        {
            await Task.Delay(FaultPause, _clock, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The queue has a fault of its own; it goes on in a moment")]
    private partial void LogFault(Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Messages} messages that nobody could be told of have been kept long enough and are deleted")]
    private partial void LogRemoved(int messages);
}
