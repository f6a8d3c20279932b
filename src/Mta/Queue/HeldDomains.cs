using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Queue;

/// <summary>The domains whose mail waits here until their host asks for it, and when it last did. What is forgotten at a restart is asked for again.</summary>
internal sealed class HeldDomains(MtaOptions options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _askedAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _releasedAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TurnDomain> _domains = options.TurnDomains.ToDictionary(pair => pair.Key.Ascii, pair => pair.Value, StringComparer.Ordinal);

    /// <summary>Those that are never tried by their MX unless they ask for it.</summary>
    public IReadOnlyCollection<string> Destinations => [.. _domains.Where(pair => !pair.Value.TryMx).Select(pair => pair.Key)];

    /// <summary>Whether a host may come for the mail of a destination.</summary>
    public bool Knows(string destination) => _domains.ContainsKey(destination);

    /// <summary>Whether mail for a destination waits to be asked for, however long.</summary>
    public bool Holds(string destination) => _domains.TryGetValue(destination, out var domain) && !domain.TryMx;

    /// <summary>Whether a message may go to the MX of a destination now: always, or once after each ETRN for a domain that is held.</summary>
    public bool MayTryMx(string destination, QueuedMessage message)
    {
        if (!Holds(destination))
            return true;

        lock (_lock)
            return _releasedAt.TryGetValue(destination, out var at) && message.Recipients.Any(recipient => (recipient.LastAttemptAt ?? message.AcceptedAt) <= at);
    }

    /// <summary>Counts a request for domains, which may not come too often for any of them.</summary>
    /// <returns>Whether this one may be served; one that may not does not count.</returns>
    public bool TryAsk(IReadOnlyCollection<string> destinations)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            if (destinations.Any(destination => _askedAt.TryGetValue(destination, out var at) && now >= at && now - at < options.TurnInterval))
                return false;
            foreach (var destination in destinations)
                _askedAt[destination] = now;
            return true;
        }
    }

    /// <summary>From now on what waits for these may go to their MX, once.</summary>
    public void Release(IEnumerable<string> destinations)
    {
        lock (_lock)
        {
            foreach (var destination in destinations)
                _releasedAt[destination] = clock.GetUtcNow();
        }
    }
}
