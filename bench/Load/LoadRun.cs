using System.Collections.Concurrent;
using System.Diagnostics;

namespace MailSuite.Bench.Load;

/// <summary>One run: which messages are left, how long the others took, what went wrong.</summary>
internal sealed class LoadRun(LoadPlan plan)
{
    private readonly ConcurrentDictionary<string, int> _errors = new(StringComparer.Ordinal);
    private readonly double[] _milliseconds = new double[plan.Messages];
    private int _next;
    private int _accepted;

    /// <summary>Makes the Message-IDs of this run differ from those of any other.</summary>
    internal string Name { get; } = Guid.NewGuid().ToString("N")[..12];

    internal int AcceptedSoFar => Volatile.Read(ref _accepted);

    internal bool TryTake(out int number)
    {
        number = Interlocked.Increment(ref _next) - 1;
        return number < plan.Messages;
    }

    internal void Accepted(TimeSpan took) => _milliseconds[Interlocked.Increment(ref _accepted) - 1] = took.TotalMilliseconds;

    internal void Failed(string error) => _errors.AddOrUpdate(error, 1, static (_, count) => count + 1);

    internal async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(plan.Limit);
        var template = new MessageTemplate(plan.Octets);
        var began = Stopwatch.GetTimestamp();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, plan.Sessions).Select(_ => new LoadSession(plan, this, template).RunAsync(limit.Token)));
        }
        catch (OperationCanceledException)
        {
            Failed(cancellationToken.IsCancellationRequested ? "interrupted" : $"the limit of {plan.Limit.TotalSeconds:0} s was reached");
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var times = _milliseconds[.._accepted];
        Array.Sort(times);
        return new LoadResult(plan.Messages, _accepted, seconds, _accepted / seconds, At(0.5), At(0.9), At(0.99), times.Length == 0 ? 0 : times[^1], _errors);

        double At(double share) => times.Length == 0 ? 0 : times[Math.Min(times.Length - 1, (int)(times.Length * share))];
    }
}

/// <param name="P50">Milliseconds from connecting, or from MAIL on a connection that is open already, to the 250 after the dot.</param>
internal sealed record LoadResult(
    int Messages, int Accepted, double Seconds, double Rate, double P50, double P90, double P99, double Max, IReadOnlyDictionary<string, int> Errors);
