using System.Diagnostics;

namespace MailSuite.Bench.Kill;

/// <summary>Kills the program again and again on one directory, lets it bring to an end what it has accepted, and counts.</summary>
internal sealed class KillRun(KillPlan plan) : IDisposable
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(1);
    private static readonly Moment[] CommitPoints = [.. Enum.GetValues<Moment>().Where(moment => moment != Moment.AnyTime)];

    private readonly Ledger _ledger = new();
    private readonly Random _random = new(plan.Seed);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mailsuite-kill-");
    private readonly List<double> _agesAtDeath = [];
    private readonly Dictionary<Moment, int> _kills = [];
    private readonly List<string> _complaints = [];
    private Sink _sink = null!;
    private string _configuration = "";

    public async Task<KillResult> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(plan.Limit);
        using var sink = _sink = new Sink(_ledger);
        sink.Start();
        _configuration = Path.Combine(_directory.FullName, "mailsuite.json");
        await File.WriteAllTextAsync(_configuration, Child.Configuration(sink.Port), limit.Token);
        var began = Stopwatch.GetTimestamp();
        for (var life = 0; life < plan.Kills; life++)
        {
            // Every second time at any instant, otherwise at the commit points in turn.
            var moment = life % 2 == 0 ? Moment.AnyTime : CommitPoints[life / 2 % CommitPoints.Length];
            await LiveAsync(moment, limit.Token);
            progress($"{life + 1} of {plan.Kills} kills, {_ledger.Entries.Count(entry => entry.Answered)} messages");
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        progress("what is left is brought to its end");
        using var last = await Child.StartAsync(plan.Program, _configuration, Data, limit.Token);
        await DrainAsync(limit.Token);
        var left = Spool.Count(Data);
        progress("the window is measured");
        var alone = await MeasureAsync(last.Port, sessions: 1, limit.Token);
        var together = await MeasureAsync(last.Port, plan.Sessions, limit.Token);
        return KillResult.Of(_ledger, plan.Kills, seconds, left, _kills, _agesAtDeath, alone, together, [.. _complaints, .. last.Complaints]);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private string Data => Path.Combine(_directory.FullName, "data");

    private async Task LiveAsync(Moment moment, CancellationToken cancellationToken)
    {
        using var child = await Child.StartAsync(plan.Program, _configuration, Data, cancellationToken);
        var trigger = new Trigger(moment, 1 + _random.Next(plan.Messages / 10), TimeSpan.FromMilliseconds(DelayAfter(moment) * _random.NextDouble()), child.Kill);
        _sink.See = trigger.See;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var left = plan.Messages;
        var senders = Enumerable.Range(0, plan.Sessions)
            .Select(_ => new Sender(_ledger, trigger.See).RunAsync(child.Port, () => Interlocked.Decrement(ref left) >= 0, over.Token)).ToList();

        var wait = moment == Moment.AnyTime ? TimeSpan.FromMilliseconds(_random.Next(20, 600)) : LongestLife;
        await Task.WhenAny(trigger.Met, Task.Delay(wait, cancellationToken));
        child.Kill();
        await child.GoneAsync(cancellationToken);
        _complaints.AddRange(child.Complaints);
        var died = trigger.At ?? Stopwatch.GetTimestamp();
        await over.CancelAsync();
        await Task.WhenAll(senders);
        var hit = trigger.Met.IsCompleted ? moment : Moment.AnyTime;
        _kills[hit] = _kills.GetValueOrDefault(hit) + 1;
        Explain(died);
    }

    /// <summary>Milliseconds that a blow may come after what is seen from outside, so that it falls on either side of a commit.</summary>
    private static double DelayAfter(Moment moment) => moment switch
    {
        Moment.DotSent or Moment.Taken or Moment.Refused => 3,
        Moment.AtReport or Moment.AtDot => 0.5,
        _ => 0,
    };

    /// <summary>Finds what the next host has and the spool does not know: those are sent once more, and nothing else may be.</summary>
    private void Explain(long died)
    {
        foreach (var header in Spool.Waiting(Data))
        {
            var entry = _ledger.Find(Sink.ReportIdOf(header) ?? Sink.IdOf(header));
            if (entry is null || entry.Copies.Count <= entry.Explained)
                continue;
            entry.Explained = entry.Copies.Count;
            _agesAtDeath.Add(Math.Max(0, Stopwatch.GetElapsedTime(entry.Copies.Last(), died).TotalMilliseconds));
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while ((!_ledger.IsComplete || Spool.Count(Data) > 0) && Stopwatch.GetElapsedTime(began) < DrainLimit)
            await Task.Delay(100, cancellationToken);
    }

    private async Task<IReadOnlyList<double>> MeasureAsync(int port, int sessions, CancellationToken cancellationToken)
    {
        using var watch = new CommitWatch(Data);
        _sink.Took = watch.Took;
        _sink.See = _ => { };
        _ledger.TakesAll = true;
        var left = plan.Measured;
        await Task.WhenAll(Enumerable.Range(0, sessions).Select(_ => new Sender(_ledger, _ => { }).RunAsync(port, Next, cancellationToken)));
        await DrainAsync(cancellationToken);
        return watch.Milliseconds;

        bool Next()
        {
            // Alone means that each message is through before the next one comes.
            if (sessions == 1)
                SpinWait.SpinUntil(() => _ledger.IsComplete, TimeSpan.FromSeconds(5));
            return Interlocked.Decrement(ref left) >= 0;
        }
    }
}
