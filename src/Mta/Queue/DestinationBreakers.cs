using MailSuite.Mta.Delivery;
using MailSuite.Shared.Contracts.Mta;
using Polly;
using Polly.CircuitBreaker;

namespace MailSuite.Mta.Queue;

/// <summary>A circuit breaker for each destination: one that no host of answers is left alone for a while. So many at most, the least used go.</summary>
/// <remarks>A breaker that is forgotten costs a few vain connections, nothing else.</remarks>
internal sealed class DestinationBreakers(RelayOptions options, TimeProvider clock)
{
    /// <summary>Destinations remembered; each costs about 4 KiB.</summary>
    private const int MaxDestinations = 1000;

    /// <summary>Vain attempts in a row, within <see cref="Sampling"/>, that open the circuit.</summary>
    private const int Threshold = 5;

    private static readonly TimeSpan Sampling = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ShortestBreak = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Destination, ResiliencePipeline<CourierReport> Breaker)>> _byName = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Destination, ResiliencePipeline<CourierReport> Breaker)> _byUse = new();

    public ResiliencePipeline<CourierReport> For(string destination)
    {
        lock (_lock)
        {
            if (_byName.TryGetValue(destination, out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return known.Value.Breaker;
            }

            if (_byName.Count >= MaxDestinations)
            {
                _byName.Remove(_byUse.Last!.Value.Destination);
                _byUse.RemoveLast();
            }

            var breaker = Create();
            _byName.Add(destination, _byUse.AddFirst((destination, breaker)));
            return breaker;
        }
    }

    /// <summary>Closes every circuit.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _byName.Clear();
            _byUse.Clear();
        }
    }

    private ResiliencePipeline<CourierReport> Create()
    {
        // No longer than the first wait of the schedule, or a message would find the circuit open when its turn comes.
        var pause = options.RetryDelays.Count == 0 ? LongestBreak : options.RetryDelays[0];
        return new ResiliencePipelineBuilder<CourierReport> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<CourierReport>
            {
                ShouldHandle = static outcome => ValueTask.FromResult(outcome.Outcome.Result is { Unreachable: true }),
                FailureRatio = 1,
                MinimumThroughput = Threshold,
                SamplingDuration = Sampling,
                BreakDuration = TimeSpan.FromTicks(Math.Clamp(pause.Ticks, ShortestBreak.Ticks, LongestBreak.Ticks)),
            })
            .Build();
    }
}
