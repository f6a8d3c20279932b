using System.Collections.Concurrent;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Delivery;

/// <summary>What TLS each host has given before, so that it is noticed when it gives less: somebody may be between us and it.</summary>
/// <remarks>
/// What has not been seen for <see cref="RelayOptions.TlsMemory"/> is forgotten, so that a host which gave TLS up for good is believed in the end.
/// Asked once for each connection; written only on change, and once a day.
/// </remarks>
internal sealed class TlsMemory(ITlsRecords records, RelayOptions options, TimeProvider clock)
{
    /// <summary>Hosts in memory; when there are more it begins anew.</summary>
    private const int MaxCached = 10_000;

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromDays(1);
    private static readonly TlsRecord Nothing = new(TlsLevel.None, DateTimeOffset.MinValue);

    private readonly ConcurrentDictionary<string, TlsRecord> _cache = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes what a host gives now.</summary>
    /// <returns>What it has given before, when that was more; otherwise <see langword="null"/>.</returns>
    public TlsRecord? Note(string host, TlsLevel level)
    {
        if (options.TlsMemory == TimeSpan.Zero)
            return null;

        var now = clock.GetUtcNow();
        var before = Find(host);
        var isKnown = now - before.SeenAt <= options.TlsMemory;
        if (isKnown && level < before.Level)
            return before;

        if (level > TlsLevel.None && (!isKnown || level > before.Level || now - before.SeenAt >= RefreshInterval))
        {
            var record = new TlsRecord(level, now);
            _cache[host] = record;
            records.Write(host.ToLowerInvariant(), record);
        }

        return null;
    }

    private TlsRecord Find(string host)
    {
        if (_cache.TryGetValue(host, out var known))
            return known;

        if (_cache.Count >= MaxCached)
            _cache.Clear();
        return _cache.GetOrAdd(host, static (name, from) => from.Find(name.ToLowerInvariant()) ?? Nothing, records);
    }
}
