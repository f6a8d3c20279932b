using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Spool;

/// <summary>Takes what has just been committed from the spool to the queue with its octets, so that its first attempt reads nothing from disk.</summary>
/// <remarks>
/// So many messages and octets at most; what is more is forgotten here and found on disk when its turn comes. Nothing is lost with this object: all of it is
/// in the spool.
/// </remarks>
internal sealed class Arrivals(RelayOptions options, QueueBell bell)
{
    private readonly ConcurrentQueue<Arrival> _taken = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<long, int> _coming = [];
    private DateTimeOffset _missed = DateTimeOffset.MaxValue;
    private long _octets;
    private int _messages;
    private volatile bool _looksAgain;

    /// <summary>A message is about to be committed and handed over: until <see cref="HasCome"/> it is not to be taken from disk, where it is seen earlier.</summary>
    public void IsToCome(long messageKey)
    {
        lock (_lock)
            _coming[messageKey] = _coming.GetValueOrDefault(messageKey) + 1;
    }

    /// <summary>It was handed over, or missed, or was not committed at all.</summary>
    public void HasCome(long messageKey)
    {
        lock (_lock)
        {
            if (_coming[messageKey] == 1)
                _coming.Remove(messageKey);
            else
                _coming[messageKey]--;
        }
    }

    public bool IsComing(long messageKey)
    {
        lock (_lock)
            return _coming.ContainsKey(messageKey);
    }

    /// <summary>Hands over what is due since an instant. It counts until <see cref="Release"/>.</summary>
    public void Add(QueueEntry entry, QueuedMessage message, DateTimeOffset dueAt)
    {
        var octets = message.Content.Octets;
        if (Interlocked.Add(ref _octets, octets) > options.HandOverOctets | Interlocked.Increment(ref _messages) > options.HandOverMessages)
        {
            Release(message);
            Miss(dueAt);
            return;
        }

        _taken.Enqueue(new Arrival(entry, message));
        bell.Ring();
    }

    /// <summary>Tells that there is something on disk that is due at an instant, or was already.</summary>
    public void Miss(DateTimeOffset dueAt)
    {
        lock (_lock)
        {
            if (dueAt < _missed)
                _missed = dueAt;
        }

        bell.Ring();
    }

    /// <summary>
    /// Anything on disk, or the clock, may have changed: the queue forgets what waits in its memory and reads it again, and tries dead next hops now. What is under way goes on.
    /// </summary>
    public void LookAgain()
    {
        _looksAgain = true;
        bell.Ring();
    }

    /// <summary>Whether <see cref="LookAgain"/> was called. Asking forgets it.</summary>
    public bool TakeLookAgain()
    {
        if (!_looksAgain)
            return false;
        _looksAgain = false;
        return true;
    }

    public bool TryTake([NotNullWhen(true)] out Arrival? arrival) => _taken.TryDequeue(out arrival);

    /// <summary>Since when there may be something on disk that the queue does not know of; <see langword="null"/> for never. Asking forgets it.</summary>
    public DateTimeOffset? TakeMissed()
    {
        lock (_lock)
        {
            var missed = _missed;
            _missed = DateTimeOffset.MaxValue;
            return missed == DateTimeOffset.MaxValue ? null : missed;
        }
    }

    /// <summary>What was handed over is done, or forgotten.</summary>
    public void Release(QueuedMessage message)
    {
        Interlocked.Add(ref _octets, -message.Content.Octets);
        Interlocked.Decrement(ref _messages);
    }
}

/// <param name="Message">With the recipients of the entry, its content in memory.</param>
internal sealed record Arrival(QueueEntry Entry, QueuedMessage Message);
