using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Policy.Greylisting;

/// <summary>Who has come, and who has come again. Bounded: when it is full the oldest are forgotten, and have to wait once more.</summary>
internal sealed class Greylist(MtaOptions options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly GreylistOptions _options = options.Strictness.Greylisting;
    private readonly Dictionary<UInt128, GreylistEntry> _senders = [];
    private readonly Dictionary<AddressRange, GreylistNetwork> _networks = [];
    private bool _changed;

    /// <summary>Notes that a sender has come.</summary>
    public Meeting Meet(Triplet triplet)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            if (IsKnown(triplet.Network, now))
                return default;

            var key = triplet.Key;
            if (!_senders.TryGetValue(key, out var entry) || IsForgotten(entry, now))
                entry = new GreylistEntry(now, now, HasComeAgain: false);

            _changed = true;
            var wait = entry.HasComeAgain ? TimeSpan.Zero : entry.FirstAt + _options.Delay - now;
            if (wait > TimeSpan.Zero)
            {
                MakeRoom(_senders, key, at => at.LastAt);
                _senders[key] = entry;
                return new Meeting(wait, HasComeAgain: false);
            }

            _senders[key] = entry with { LastAt = now, HasComeAgain = true };
            if (entry.HasComeAgain)
                return default;

            MakeRoom(_networks, triplet.Network, at => at.LastAt);
            _networks[triplet.Network] = new GreylistNetwork(_networks.GetValueOrDefault(triplet.Network).Senders + 1, now);
            return new Meeting(TimeSpan.Zero, HasComeAgain: true);
        }
    }

    /// <summary>What is to be kept; <see langword="null"/> when nothing has changed since the last call.</summary>
    public GreylistSnapshot? TakeChanges()
    {
        lock (_lock)
        {
            if (!_changed)
                return null;
            _changed = false;
            return new GreylistSnapshot([.. _senders], [.. _networks]);
        }
    }

    public void Restore(GreylistSnapshot snapshot)
    {
        lock (_lock)
        {
            foreach (var (key, entry) in snapshot.Senders.Take(_options.MaxEntries))
                _senders[key] = entry;
            foreach (var (range, network) in snapshot.Networks.Take(_options.MaxEntries))
                _networks[range] = network;
        }
    }

    private bool IsKnown(AddressRange range, DateTimeOffset now)
    {
        if (_options.KnownAfter == 0 || !_networks.TryGetValue(range, out var network) || network.Senders < _options.KnownAfter)
            return false;

        if (now - network.LastAt > _options.Lifetime)
        {
            _networks.Remove(range);
            return false;
        }

        _networks[range] = network with { LastAt = now };
        _changed = true;
        return true;
    }

    private bool IsForgotten(GreylistEntry entry, DateTimeOffset now) =>
        entry.HasComeAgain ? now - entry.LastAt > _options.Lifetime
        // Who came first in what is still to come, came before the clock went back.
        : now - entry.FirstAt > _options.Window || entry.FirstAt > now;

    private void MakeRoom<TKey, TEntry>(Dictionary<TKey, TEntry> entries, TKey key, Func<TEntry, DateTimeOffset> lastAt)
        where TKey : notnull
    {
        if (entries.Count < _options.MaxEntries || entries.ContainsKey(key))
            return;

        // A tenth at once, so that this is seldom.
        foreach (var oldest in entries.OrderBy(pair => lastAt(pair.Value)).Take(Math.Max(1, entries.Count / 10)).Select(pair => pair.Key).ToList())
            entries.Remove(oldest);
    }
}

/// <param name="Wait">How long the sender still has to wait; zero when it may go on.</param>
/// <param name="HasComeAgain">Whether this is the coming again that it was asked for.</param>
internal readonly record struct Meeting(TimeSpan Wait, bool HasComeAgain);

/// <param name="FirstAt">When it came first.</param>
/// <param name="LastAt">When it came last.</param>
internal readonly record struct GreylistEntry(DateTimeOffset FirstAt, DateTimeOffset LastAt, bool HasComeAgain);

/// <param name="Senders">How many of its senders have come again.</param>
internal readonly record struct GreylistNetwork(int Senders, DateTimeOffset LastAt);

internal sealed record GreylistSnapshot(IReadOnlyList<KeyValuePair<UInt128, GreylistEntry>> Senders, IReadOnlyList<KeyValuePair<AddressRange, GreylistNetwork>> Networks);
