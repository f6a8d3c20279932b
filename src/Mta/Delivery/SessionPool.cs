using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.Hosting;

namespace MailSuite.Mta.Delivery;

/// <summary>Sessions that wait for the next message to the same host, spoken with in the same way; and the leave that others take.</summary>
/// <remarks>Nobody waits for it: what needs an answer of the host, RSET and QUIT, goes on behind. When the program ends, all are told QUIT and closed at once.</remarks>
internal sealed class SessionPool : IHostedService, IDisposable
{
    private readonly ConnectionOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();

    /// <summary>Those that wait, the longest-waiting first.</summary>
    private readonly LinkedList<Kept> _byAge = new();

    private readonly Dictionary<NextHost, Stack<LinkedListNode<Kept>>> _byHost = [];
    private readonly HashSet<Task> _leaving = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _ended;
    private readonly ITimer _timer;

    public SessionPool(MtaOptions options, TimeProvider clock)
    {
        _options = options.Relay.Connections;
        _clock = clock;
        _ended = _stopping.Token;
        _timer = clock.CreateTimer(static pool => ((SessionPool)pool!).LetGo(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many wait.</summary>
    public int Idle
    {
        get
        {
            lock (_lock)
                return _byAge.Count;
        }
    }

    /// <summary>A session over which a message for these recipients can go at once; the one that was used last.</summary>
    public ClientSession? TryTake(NextHost host, IReadOnlyList<QueuedRecipient> recipients)
    {
        while (TryPop(host) is { } session)
        {
            if (session.IsQuiet && session.Admits(recipients[0].Address.Domain) && !IsTooOld(session))
                return session;
            Leave(session);
        }

        return null;
    }

    /// <summary>Takes a session that is in order, to keep it or to let it go.</summary>
    public void Return(ClientSession session)
    {
        if (!MayKeep(session))
            Leave(session);
        else if (session.NeedsReset)
            Follow(ResetAsync(session));
        else
            Keep(session);
    }

    /// <summary>Says QUIT and closes.</summary>
    public void Leave(ClientSession session) => Follow(QuitAsync(session));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // From here on nothing is kept, and nobody's reply to QUIT is waited for.
        await _stopping.CancelAsync();
        List<Task> leaving;
        lock (_lock)
        {
            foreach (var kept in _byAge)
                _leaving.Add(QuitAsync(kept.Session));
            _byAge.Clear();
            _byHost.Clear();
            leaving = [.. _leaving];
        }

        await Task.WhenAll(leaving).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stopping.Dispose();
    }

    private bool IsTooOld(ClientSession session) => session.Age >= _options.MaxAge;

    private bool MayKeep(ClientSession session) =>
        _options.IdleTime > TimeSpan.Zero && session.Messages < _options.MaxMessages && session.HasTransactions && !IsTooOld(session) && !_ended.IsCancellationRequested;

    private ClientSession? TryPop(NextHost host)
    {
        lock (_lock)
        {
            if (!_byHost.TryGetValue(host, out var waiting))
                return null;

            var node = waiting.Pop();
            if (waiting.Count == 0)
                _byHost.Remove(host);
            _byAge.Remove(node);
            return node.Value.Session;
        }
    }

    private void Keep(ClientSession session)
    {
        lock (_lock)
        {
            if (!_ended.IsCancellationRequested && _byAge.Count < _options.MaxIdle)
            {
                if (!_byHost.TryGetValue(session.Host, out var waiting))
                    _byHost.Add(session.Host, waiting = new());
                if (waiting.Count < _options.MaxIdlePerHost)
                {
                    waiting.Push(_byAge.AddLast(new Kept(session, _clock.GetTimestamp())));
                    if (_byAge.Count == 1)
                        _timer.Change(_options.IdleTime, Timeout.InfiniteTimeSpan);
                    return;
                }
            }
        }

        Leave(session);
    }

    private void LetGo()
    {
        var over = new List<ClientSession>();
        lock (_lock)
        {
            while (_byAge.First is { } oldest)
            {
                var rest = _options.IdleTime - _clock.GetElapsedTime(oldest.Value.Since);
                if (rest > TimeSpan.Zero)
                {
                    // Timers count whole milliseconds: rounding down would ring before the time.
                    _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                    break;
                }

                _byAge.RemoveFirst();
                over.Add(oldest.Value.Session);
                Forget(oldest);
            }
        }

        foreach (var session in over)
            Leave(session);
    }

    /// <summary>Takes the longest-waiting session of a host out of the others of it; there are few.</summary>
    private void Forget(LinkedListNode<Kept> node)
    {
        var host = node.Value.Session.Host;
        var rest = _byHost[host].Where(other => other != node).Reverse().ToList();
        if (rest.Count == 0)
            _byHost.Remove(host);
        else
            _byHost[host] = new(rest);
    }

    private async Task ResetAsync(ClientSession session)
    {
        try
        {
            if (await session.ResetAsync(_ended))
            {
                Keep(session);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }

        await QuitAsync(session);
    }

    private async Task QuitAsync(ClientSession session)
    {
        await session.QuitAsync(_ended);
        await session.DisposeAsync();
    }

    private void Follow(Task task)
    {
        if (task.IsCompleted)
            return;

        lock (_lock)
            _leaving.Add(task);
        _ = task.ContinueWith(
            done =>
            {
                lock (_lock)
                    _leaving.Remove(done);
            }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <param name="Since">A timestamp: the clock of the wall may be moved.</param>
    private sealed record Kept(ClientSession Session, long Since);
}
