using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using MailSuite.Mta.Metrics;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Routing;

/// <summary>Look-ups through DnsClient: UDP, with TCP when an answer is truncated, cached for the records' time to live.</summary>
internal sealed class DnsClientResolver(RelayOptions options) : IDnsResolver
{
    // Finding the servers of the operating system may take a while, which is no part of the program's start.
    private readonly Lazy<LookupClient> _client = new(() => Create(options));

    public async ValueTask<DnsAnswer<MxRecord>> MxAsync(string domain, CancellationToken cancellationToken) =>
        await QueryAsync(domain, QueryType.MX, record => record is DnsClient.Protocol.MxRecord mx ? new MxRecord(mx.Preference, mx.Exchange.Value.TrimEnd('.')) : null, cancellationToken);

    public async ValueTask<DnsAnswer<IPAddress>> Ipv4AddressesAsync(string host, CancellationToken cancellationToken) =>
        await QueryAsync(host, QueryType.A, static record => (record as AddressRecord)?.Address, cancellationToken);

    public async ValueTask<DnsAnswer<IPAddress>> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        var sixth = QueryAsync(host, QueryType.AAAA, static record => (record as AddressRecord)?.Address, cancellationToken);
        var fourth = QueryAsync(host, QueryType.A, static record => (record as AddressRecord)?.Address, cancellationToken);
        DnsAnswer<IPAddress>[] answers = [await sixth, await fourth];

        var addresses = answers.OfType<DnsAnswer<IPAddress>.Found>().SelectMany(found => found.Records).ToList();
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
        client.Retries = 1;
        client.ThrowDnsErrors = false;
        // One server in trouble does not speak for the next.
        client.ContinueOnDnsError = true;
        client.ContinueOnEmptyResponse = false;
        client.UseTcpFallback = true;
        return new LookupClient(client);
    }

    private async Task<DnsAnswer<T>> QueryAsync<T>(string name, QueryType type, Func<DnsResourceRecord, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        var began = MtaMeter.DnsBegins();
        var answer = await AskAsync(name, type, read, cancellationToken);
        MtaMeter.DnsEnded(began, type == QueryType.MX ? "MX" : type == QueryType.AAAA ? "AAAA" : "A", answer is DnsAnswer<T>.Found ? "found" : answer is DnsAnswer<T>.Unknown ? "failed" : "none");
        return answer;
    }

    private async Task<DnsAnswer<T>> AskAsync<T>(string name, QueryType type, Func<DnsResourceRecord, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var response = await _client.Value.QueryAsync(name, type, cancellationToken: cancellationToken);
            if (response.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain)
                return new DnsAnswer<T>.NoSuchName();
            if (response.HasError)
                return new DnsAnswer<T>.Unknown($"The DNS server {response.NameServer} answered {response.Header.ResponseCode} for {type} of {name}.");

            var records = response.Answers.Select(read).OfType<T>().ToList();
            return records.Count > 0 ? new DnsAnswer<T>.Found(records) : new DnsAnswer<T>.NoRecords();
        }
        catch (Exception e)
        {
            // The library wraps cancellation in exceptions of its own, and throws whatever its parser meets in an answer that is none.
            cancellationToken.ThrowIfCancellationRequested();
            return new DnsAnswer<T>.Unknown($"The DNS did not answer for {type} of {name}: {e.Message}");
        }
    }
}
