using MailSuite.Mta.Delivery;
using MailSuite.Shared.Contracts.Mta;
using Polly;
using Polly.CircuitBreaker;

namespace MailSuite.Mta.Queue;

/// <summary>A circuit breaker for each next hop: one that nobody answers for is left alone for a while, longer each time. So many at most, the least used go.</summary>
/// <remarks>A breaker that is forgotten costs a few vain connections, nothing else.</remarks>
internal sealed class DestinationBreakers(RelayOptions options, TimeProvider clock)
{
    /// <summary>Next hops remembered; each costs about 4 KiB.</summary>
    private const int MaxDestinations = 2000;

    /// <summary>Vain attempts in a row, within <see cref="ShortestSampling"/> or twice what so many of them take one after the other, that open the circuit.</summary>
    private const int Threshold = 5;

    private static readonly TimeSpan ShortestSampling = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ShortestBreak = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestFirstBreak = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<DestinationBreaker>> _byName = new(StringComparer.Ordinal);
    private readonly LinkedList<DestinationBreaker> _byUse = new();

    public DestinationBreaker For(string destination)
    {
        lock (_lock)
        {
            if (_byName.TryGetValue(destination, out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return known.Value;
            }

            if (_byName.Count >= MaxDestinations)
            {
                _byName.Remove(_byUse.Last!.Value.Destination);
                _byUse.RemoveLast();
            }

            var breaker = Create(destination);
            _byName.Add(destination, _byUse.AddFirst(breaker));
            return breaker;
        }
    }

    /// <summary>Until when a next hop is left alone; <see langword="null"/> when it is not, or nothing is known of it.</summary>
    public DateTimeOffset? DeadUntil(string destination)
    {
        lock (_lock)
            return _byName.TryGetValue(destination, out var known) && known.Value.DeadUntil is { } until && until > clock.GetUtcNow() ? until : null;
    }

    /// <summary>Why nobody answered for a next hop when its circuit opened last; <see langword="null"/> when it has not, or nothing is known of it.</summary>
    public string? LastError(string destination)
    {
        lock (_lock)
            return _byName.TryGetValue(destination, out var known) ? known.Value.LastError : null;
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

    private DestinationBreaker Create(string destination)
    {
        var breaker = new DestinationBreaker(destination);
        // No longer at first than the first wait of the schedule, or a message would find the circuit open when its turn comes.
        var first = Clamp(options.RetryDelays.Count == 0 ? LongestFirstBreak : options.RetryDelays[0], LongestFirstBreak);
        var sampling = 2 * Threshold * options.ConnectTimeout;
        breaker.Pipeline = new ResiliencePipelineBuilder<CourierReport> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<CourierReport>
            {
                ShouldHandle = static outcome => ValueTask.FromResult(outcome.Outcome.Result is { Unreachable: true }),
                FailureRatio = 1,
                MinimumThroughput = Threshold,
                SamplingDuration = sampling > ShortestSampling ? sampling : ShortestSampling,
                BreakDurationGenerator = arguments => ValueTask.FromResult(Clamp(first * Math.Pow(2, Math.Min(arguments.HalfOpenAttempts, 20)), LongestBreak)),
                OnOpened = arguments =>
                {
                    breaker.DeadUntil = clock.GetUtcNow() + arguments.BreakDuration;
                    breaker.LastError = arguments.Outcome.Result?.Results.FirstOrDefault()?.Outcome.Reason;
                    return ValueTask.CompletedTask;
                },
                OnClosed = _ =>
                {
                    breaker.DeadUntil = null;
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        return breaker;
    }

    private static TimeSpan Clamp(TimeSpan pause, TimeSpan longest) => TimeSpan.FromTicks(Math.Clamp(pause.Ticks, ShortestBreak.Ticks, longest.Ticks));
}

/// <summary>The circuit breaker of one next hop.</summary>
internal sealed class DestinationBreaker(string destination)
{
    private long _deadUntil;

    public string Destination => destination;

    public string? LastError { get; set; }

    public ResiliencePipeline<CourierReport> Pipeline { get; set; } = ResiliencePipeline<CourierReport>.Empty;

    /// <summary>Until when its circuit is open, or was; <see langword="null"/> when it is closed.</summary>
    public DateTimeOffset? DeadUntil
    {
        get => Volatile.Read(ref _deadUntil) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _deadUntil, value?.UtcTicks ?? 0);
    }
}
