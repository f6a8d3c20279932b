using System.Diagnostics;
using System.Net;
using MailSuite.Bench.Mailboxes.Model;
using MailSuite.Bench.Mailboxes.Wire;

namespace MailSuite.Bench.Mailboxes.Mix;

/// <summary>All sessions at once for a time, then the same questions to each of them in quiet.</summary>
internal sealed class MixRun
{
    private readonly MixPlan _plan;
    private readonly Func<CancellationToken, Task<IPEndPoint>> _server;
    private readonly Ledger _ledger;
    private readonly List<MixSession> _sessions = [];
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _strangers;

    public MixRun(MixPlan plan, Func<CancellationToken, Task<IPEndPoint>> server)
    {
        (_plan, _server) = (plan, server);
        var run = Guid.NewGuid().ToString("N")[..6];
        _ledger = new Ledger(Enumerable.Range(1, plan.Mailboxes).Select(number => $"mix-{run}-{number}"));
    }

    /// <summary>Done when the mailboxes are there and the load begins.</summary>
    public Task Begun => _begun.Task;

    public IReadOnlyDictionary<string, long> Counts => _ledger.Counts;

    /// <param name="restart">Ends the server in an orderly way and starts it again; <see langword="null"/> where that is not ours to do.</param>
    /// <param name="isOver">Ends the load besides its time, for one that is measured in something else.</param>
    public async Task<MixVerdict> RunAsync(Func<CancellationToken, Task>? restart, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var wrong = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        WrongAnswer? first = null;
        try
        {
            await using (var maker = NewSession())
                await maker.MakeMailboxesAsync(cancellationToken);
            _begun.TrySetResult();
            _sessions.AddRange(Enumerable.Range(0, _plan.Sessions).Select(number => new MixSession(_plan, _ledger, _server, number)));
            await Task.WhenAll(_sessions.Select(session => GuardAsync(session, () => session.RunAsync(() => Stopwatch.GetElapsedTime(began) >= _plan.Duration || isOver(), wrong.Token))));
            var after = Stopwatch.GetElapsedTime(began);
            if (first is null)
                await CheckInQuietAsync(restart, GuardAsync, cancellationToken);
            return new MixVerdict(first, after, _ledger.Counts);
        }
        catch (OperationCanceledException) when (first is not null)
        {
            return new MixVerdict(first, Stopwatch.GetElapsedTime(began), _ledger.Counts);
        }
        finally
        {
            foreach (var session in _sessions)
                await session.DisposeAsync();
        }

        async Task GuardAsync(MixSession session, Func<Task> work)
        {
            try
            {
                await work();
            }
            catch (Exception e) when (e is not OperationCanceledException || !wrong.IsCancellationRequested)
            {
                var what = e is WrongAnswerException ? e.Message : e.ToString();
                Interlocked.CompareExchange(ref first, new WrongAnswer(what, [.. session.Dialogue]), null);
                await wrong.CancelAsync();
            }
            catch (OperationCanceledException)
            {
                // Another session has heard the wrong answer.
            }
        }
    }

    private async Task CheckInQuietAsync(Func<CancellationToken, Task>? restart, Func<MixSession, Func<Task>, Task> guardAsync, CancellationToken cancellationToken)
    {
        var states = new List<FinalState>();
        foreach (var box in _ledger.Boxes)
        {
            await using var stranger = NewSession();
            await guardAsync(stranger, async () =>
            {
                var state = await FinalState.ReadAsync(stranger, box, cancellationToken);
                states.Add(state);
                foreach (var session in _sessions)
                    await guardAsync(session, async () => state.Check(await session.LookAsync(box, cancellationToken)));
                state.Check();
                _ledger.Count("messages at the end", state.Count);
            });
        }

        if (restart is null)
            return;
        foreach (var session in _sessions)
            await session.DisposeAsync();
        await restart(cancellationToken);
        foreach (var (box, state) in _ledger.Boxes.Zip(states))
        {
            await using var stranger = NewSession();
            await guardAsync(stranger, async () => state.Check(await FinalState.ReadAsync(stranger, box, cancellationToken)));
        }
    }

    /// <summary>A session beyond those of the load, one that resynchronises nothing and is told everything.</summary>
    private MixSession NewSession() => new(_plan, _ledger, _server, 100_001 + 3 * _strangers++);
}

/// <param name="Dialogue">The last lines of the session that heard it.</param>
internal sealed record WrongAnswer(string What, IReadOnlyList<string> Dialogue);
