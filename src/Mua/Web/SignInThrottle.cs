using System.Net;

namespace MailSuite.Mua.Web;

/// <summary>Counts failed sign-ins and makes guessing slow: by client and address together, and by client alone.</summary>
/// <remarks>
/// Not by address alone, or anybody could lock anybody out. IPv6 clients count by their /64, which is what one customer has.
/// </remarks>
internal sealed class SignInThrottle(TimeProvider clock)
{
    internal const int MaxForAddress = 8;

    internal const int MaxForClient = 40;

    /// <summary>Clients and addresses that are remembered; beyond it the oldest windows go first.</summary>
    internal const int MaxRemembered = 20_000;

    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Failures> _failures = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long the client must wait before it may try this address again; zero when it may now.</summary>
    internal TimeSpan WaitFor(IPAddress? client, string address)
    {
        lock (_gate)
        {
            var pair = Wait(PairKey(client, address), MaxForAddress);
            var alone = Wait(ClientKey(client), MaxForClient);
            return pair > alone ? pair : alone;
        }
    }

    internal void Failed(IPAddress? client, string address)
    {
        lock (_gate)
        {
            Count(PairKey(client, address));
            Count(ClientKey(client));
        }
    }

    internal void Succeeded(IPAddress? client, string address)
    {
        lock (_gate)
            _failures.Remove(PairKey(client, address));
    }

    private TimeSpan Wait(string key, int max)
    {
        if (!_failures.TryGetValue(key, out var failures) || failures.Number < max)
            return TimeSpan.Zero;
        var left = failures.Until - clock.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Count(string key)
    {
        var now = clock.GetUtcNow();
        if (_failures.Count >= MaxRemembered && !_failures.ContainsKey(key))
            MakeRoom(now);
        _failures[key] = _failures.TryGetValue(key, out var known) && known.Until > now
            ? known with { Number = known.Number + 1 }
            : new Failures(1, now + Window);
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (key, _) in _failures.Where(f => f.Value.Until <= now).ToList())
            _failures.Remove(key);
        if (_failures.Count < MaxRemembered)
            return;
        foreach (var (key, _) in _failures.OrderBy(f => f.Value.Until).Take(MaxRemembered / 4).ToList())
            _failures.Remove(key);
    }

    private static string PairKey(IPAddress? client, string address) => $"{ClientKey(client)} {(address.Length > 300 ? address[..300] : address)}";

    private static string ClientKey(IPAddress? client)
    {
        if (client is null)
            return "local";
        if (client.IsIPv4MappedToIPv6)
            client = client.MapToIPv4();
        return client.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Convert.ToHexString(client.GetAddressBytes().AsSpan(0, 8)) : client.ToString();
    }

    private readonly record struct Failures(int Number, DateTimeOffset Until);
}
