using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Policy;

/// <summary>Asks all lists of the options at once and remembers for a while who is listed where.</summary>
internal sealed class DnsListLookup(IDnsResolver dns, MtaOptions options, TimeProvider clock)
{
    /// <summary>Answers that are remembered; when there are more, all are forgotten.</summary>
    internal const int MaxAnswers = 10_000;

    /// <summary>How long. Lists change within minutes, and their operators count queries.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    /// <summary>Answers with which a list tells that it does not serve us; they say nothing about the address.</summary>
    private static readonly IPNetwork Errors = new(IPAddress.Parse("127.255.255.0"), 24);

    /// <summary>All that a list may answer (RFC 5782 §2.1): anything else comes from a parked domain.</summary>
    private static readonly IPNetwork Listed = new(IPAddress.Parse("127.0.0.0"), 8);

    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly DnsList[] _ofAddresses = [.. options.Strictness.DnsLists.Where(list => list.Subject == DnsListSubject.Address)];
    private readonly DnsList[] _ofDomains = [.. options.Strictness.DnsLists.Where(list => list.Subject == DnsListSubject.Domain)];

    /// <summary>Where nothing is asked about nothing is listed.</summary>
    public static Task<IReadOnlyList<DnsList>> Nowhere { get; } = Task.FromResult<IReadOnlyList<DnsList>>([]);

    /// <returns>The lists that have the address. Never fails.</returns>
    public Task<IReadOnlyList<DnsList>> OfAddress(IPAddress address) => _ofAddresses.Length == 0 ? Nowhere : Ask(Reversed(address), _ofAddresses);

    /// <param name="domain">In A-labels.</param>
    /// <returns>The lists that have the domain. Never fails.</returns>
    public Task<IReadOnlyList<DnsList>> OfDomain(string domain) => _ofDomains.Length == 0 ? Nowhere : Ask(domain, _ofDomains);

    /// <summary>The octets of an IPv4 address, the nibbles of an IPv6 address, the last first (RFC 5782 §2.1, §2.4).</summary>
    internal static string Reversed(IPAddress address)
    {
        var octets = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return $"{octets[3]}.{octets[2]}.{octets[1]}.{octets[0]}";

        const string Digits = "0123456789abcdef";
        var name = new StringBuilder(63);
        for (var i = octets.Length - 1; i >= 0; i--)
            name.Append(Digits[octets[i] & 15]).Append('.').Append(Digits[octets[i] >> 4]).Append(i == 0 ? "" : ".");
        return name.ToString();
    }

    private Task<IReadOnlyList<DnsList>> Ask(string name, DnsList[] lists)
    {
        if (_answers.TryGetValue(name, out var known) && clock.GetElapsedTime(known.AskedAt) < MaxAge)
            return known.Lists;

        if (_answers.Count >= MaxAnswers)
            _answers.Clear();
        var asked = AskAllAsync(name, lists);
        _answers[name] = new Answer(asked, clock.GetTimestamp());
        return asked;
    }

    private async Task<IReadOnlyList<DnsList>> AskAllAsync(string name, DnsList[] lists)
    {
        var answers = await Task.WhenAll(lists.Select(list => IsListedAsync(name, list)));
        return [.. lists.Where((_, i) => answers[i])];
    }

    private async Task<bool> IsListedAsync(string name, DnsList list)
    {
        var answer = await dns.Ipv4AddressesAsync($"{name}.{list.Zone}", CancellationToken.None);
        return answer is DnsAnswer<IPAddress>.Found found && found.Records.Any(code => Counts(code, list));
    }

    private static bool Counts(IPAddress code, DnsList list) =>
        Listed.Contains(code) && !Errors.Contains(code) && (list.Codes.Count == 0 || list.Codes.Any(network => network.Contains(code)));

    private readonly record struct Answer(Task<IReadOnlyList<DnsList>> Lists, long AskedAt);
}
