using System.Net;
using DnsClient;
using DnsClient.Protocol;
using MailSuite.Mta.Metrics;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Routing;

/// <summary>Look-ups through DnsClient: UDP, with TCP when an answer is truncated; answers are kept for their time to live.</summary>
internal sealed class DnsClientResolver(RelayOptions options, TimeProvider clock) : IDnsResolver
{
    /// <summary>Addresses of a host that are told; one with more is trying something.</summary>
    private const int MaxAddresses = 32;

    private readonly AnswerCache<DnsKey> _cache = new(options.DnsCacheEntries, clock);

    // Finding the servers of the operating system may take a while, which is no part of the program's start.
    private readonly Lazy<LookupClient> _client = new(() => Create(options));

    public async ValueTask<DnsAnswer<MxRecord>> MxAsync(string domain, CancellationToken cancellationToken) =>
        await QueryAsync(domain, QueryType.MX, record => record is DnsClient.Protocol.MxRecord mx ? new MxRecord(mx.Preference, mx.Exchange.Value.TrimEnd('.')) : null, cancellationToken);

    public async ValueTask<DnsAnswer<IPAddress>> Ipv4AddressesAsync(string host, CancellationToken cancellationToken) =>
        await QueryAsync(host, QueryType.A, ReadAddress, cancellationToken);

    public async ValueTask<DnsAnswer<IPAddress>> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        var sixth = QueryAsync(host, QueryType.AAAA, ReadAddress, cancellationToken);
        var fourth = QueryAsync(host, QueryType.A, ReadAddress, cancellationToken);
        DnsAnswer<IPAddress>[] answers = [await sixth, await fourth];

        // Half of them for each family, so that no family keeps the other out.
        var addresses = answers.OfType<DnsAnswer<IPAddress>.Found>().SelectMany(found => found.Records.Take(MaxAddresses / 2)).ToList();
        if (addresses.Count > 0)
            return new DnsAnswer<IPAddress>.Found(addresses);

        // One family unknown and the other empty: there may be addresses that we could not see.
        return answers.FirstOrDefault(answer => answer is DnsAnswer<IPAddress>.Unknown)
            ?? answers.FirstOrDefault(answer => answer is DnsAnswer<IPAddress>.NoSuchName)
            ?? answers[0];
    }

    private static LookupClient Create(RelayOptions options)
    {
        var client = options.DnsServers.Count == 0
            ? new LookupClientOptions()
            : new LookupClientOptions([.. options.DnsServers.Select(server => new NameServer(server))]);
        client.Timeout = options.DnsTimeout;
        client.Retries = options.DnsRetries;
        client.UseCache = false;
        client.ThrowDnsErrors = false;
        // One server in trouble does not speak for the next.
        client.ContinueOnDnsError = true;
        client.ContinueOnEmptyResponse = false;
        client.UseTcpFallback = true;
        return new LookupClient(client);
    }

    private static IPAddress? ReadAddress(DnsResourceRecord record) => (record as AddressRecord)?.Address;

    private ValueTask<DnsAnswer<T>> QueryAsync<T>(string name, QueryType type, Func<DnsResourceRecord, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        var question = new DnsKey(name.ToLowerInvariant(), type);
        return _cache.GetAsync(question, () => AskAsync(question, read), cancellationToken);
    }

    private async Task<(DnsAnswer<T> Answer, TimeSpan Lifetime)> AskAsync<T>(DnsKey question, Func<DnsResourceRecord, T?> read)
        where T : class
    {
        var lifetime = DnsReply.MaxLifetime;
        var asked = question;
        for (var aliases = 0; ; aliases++)
        {
            var reply = await AskServerAsync(asked, read);
            lifetime = reply.Lifetime < lifetime ? reply.Lifetime : lifetime;
            if (reply.Alias is null)
                return (reply.Answer, lifetime);

            // The server has left it to us to follow the alias (RFC 5321 §5.1: its name is processed as if it were the first).
            if (aliases == DnsReply.MaxAliases)
                return (new DnsAnswer<T>.Unknown($"The aliases (CNAME) of {question.Name} lead nowhere."), DnsReply.FailureLifetime);
            asked = asked with { Name = reply.Alias };
        }
    }

    private async Task<(DnsAnswer<T> Answer, TimeSpan Lifetime, string? Alias)> AskServerAsync<T>(DnsKey question, Func<DnsResourceRecord, T?> read)
        where T : class
    {
        var began = MtaMeter.DnsBegins();
        var reply = await TryServerAsync(question, read);
        var type = question.Type == QueryType.MX ? "MX" : question.Type == QueryType.AAAA ? "AAAA" : "A";
        MtaMeter.DnsEnded(began, type, reply.Answer is DnsAnswer<T>.Found ? "found" : reply.Answer is DnsAnswer<T>.Unknown ? "failed" : "none");
        return reply;
    }

    private async Task<(DnsAnswer<T> Answer, TimeSpan Lifetime, string? Alias)> TryServerAsync<T>(DnsKey question, Func<DnsResourceRecord, T?> read)
        where T : class
    {
        try
        {
            return DnsReply.Read(await _client.Value.QueryAsync(question.Name, question.Type), question, read);
        }
        catch (Exception e)
        {
            // Whatever a broken answer can cause in the library, it says nothing about the name.
            return DnsReply.Unknown<T>($"The DNS did not answer for {question.Type} of {question.Name}: {e.Message}");
        }
    }
}
