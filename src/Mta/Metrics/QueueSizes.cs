using MailSuite.Mta.Spool;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Metrics;

/// <summary>How much is in the queue, as of the last count. Who asks never waits for one: it is made behind, when somebody asks and the last is old.</summary>
/// <remarks>
/// A count rests for a thousand times as long as it took, and 10 s at least. What waits is counted in an index. What is held has none, and is
/// counted anew only when somebody has given an order, or an hour is over.
/// </remarks>
internal sealed partial class QueueSizes(SpoolStore spool, TimeProvider clock, ILogger<QueueSizes> logger)
{
    private const int Rest = 1000;
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HeldRest = TimeSpan.FromHours(1);

    private readonly Count _waiting = new();
    private readonly Count _held = new();
    private QueueSize? _last;
    private int _isCounting;

    /// <summary>The last count; <see langword="null"/> before the first.</summary>
    public QueueSize? Read()
    {
        var held = _held.IsOld(clock, HeldRest) || (_held.IsOld(clock, TimeSpan.Zero) && _held.Orders != spool.Orders);
        if ((held || _waiting.IsOld(clock, TimeSpan.Zero)) && Interlocked.Exchange(ref _isCounting, 1) == 0)
            _ = Task.Run(() => CountAgain(held));
        return _last;
    }

    private void CountAgain(bool withHeld)
    {
        try
        {
            if (withHeld)
            {
                var orders = spool.Orders;
                _held.Make(clock, spool.CountHeld);
                _held.Orders = orders;
            }

            QueueSize size = default;
            _waiting.Make(clock, () => (size = spool.CountWaiting()).Waiting);
            _last = size with { Held = _held.Value };
        }
        catch (Exception e)
        {
            LogFault(e);
        }
        finally
        {
            Volatile.Write(ref _isCounting, 0);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue cannot be counted now")]
    private partial void LogFault(Exception error);

    /// <summary>One kind of count.</summary>
    private sealed class Count
    {
        private long? _madeAt;
        private TimeSpan _rest;

        public long Value { get; private set; }

        /// <summary>The number of the last order that it knows of.</summary>
        public long Orders { get; set; }

        public bool IsOld(TimeProvider clock, TimeSpan longer) => _madeAt is not { } at || clock.GetElapsedTime(at) >= (longer > _rest ? longer : _rest);

        public void Make(TimeProvider clock, Func<long> count)
        {
            var began = clock.GetTimestamp();
            Value = count();
            var rest = clock.GetElapsedTime(began) * Rest;
            _rest = rest > ShortestRest ? rest : ShortestRest;
            _madeAt = clock.GetTimestamp();
        }
    }
}
