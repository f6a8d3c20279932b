namespace MailSuite.Mta.Policy;

/// <summary>Counts how often something happens for each range of addresses, and says when it is more than so often a minute.</summary>
/// <remarks>
/// The generic cell rate algorithm: of each range it keeps one instant, up to which its share of the minute is used up. Memory is bounded: when
/// there are too many ranges those that have been quiet are forgotten, and if none has, all are: better to count anew than to refuse everybody.
/// </remarks>
/// <param name="limit">So often at once, or in a minute.</param>
internal sealed class RateMeter(int limit, TimeProvider clock)
{
    /// <summary>Ranges that are remembered.</summary>
    internal const int MaxRanges = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<AddressRange, long> _usedUpTo = [];
    private readonly long _window = clock.TimestampFrequency * 60;
    private readonly long _share = clock.TimestampFrequency * 60 / limit;

    internal int Ranges
    {
        get
        {
            lock (_lock)
                return _usedUpTo.Count;
        }
    }

    /// <summary>Counts one.</summary>
    /// <returns>Whether it is within the limit; what is not is not counted.</returns>
    public bool TryTake(AddressRange range)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            var used = Math.Max(_usedUpTo.GetValueOrDefault(range, now), now);
            if (used - now > _window - _share)
                return false;

            if (_usedUpTo.Count >= MaxRanges && !_usedUpTo.ContainsKey(range))
                MakeRoom(now);
            _usedUpTo[range] = used + _share;
            return true;
        }
    }

    /// <summary>Whether one more would be too many.</summary>
    public bool IsUsedUp(AddressRange range)
    {
        lock (_lock)
            return _usedUpTo.TryGetValue(range, out var used) && used - clock.GetTimestamp() > _window - _share;
    }

    private void MakeRoom(long now)
    {
        foreach (var (range, used) in _usedUpTo)
        {
            if (used <= now)
                _usedUpTo.Remove(range);
        }

        if (_usedUpTo.Count >= MaxRanges)
            _usedUpTo.Clear();
    }
}
