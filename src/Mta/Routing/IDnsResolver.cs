using System.Net;

namespace MailSuite.Mta.Routing;

/// <summary>The look-ups that routing needs. Trouble of any kind is an answer, never an exception, except cancellation.</summary>
internal interface IDnsResolver
{
    /// <summary>The MX records of a domain in any order (RFC 1035 §3.3.9).</summary>
    ValueTask<DnsAnswer<MxRecord>> MxAsync(string domain, CancellationToken cancellationToken);

    /// <summary>The A records of a name, in any order.</summary>
    ValueTask<DnsAnswer<IPAddress>> Ipv4AddressesAsync(string host, CancellationToken cancellationToken);

    /// <summary>The addresses of a host, IPv6 first.</summary>
    ValueTask<DnsAnswer<IPAddress>> AddressesAsync(string host, CancellationToken cancellationToken);
}

/// <param name="Exchange">Without the trailing dot; empty in a null MX (RFC 7505).</param>
internal sealed record MxRecord(int Preference, string Exchange);

internal abstract record DnsAnswer<T>
{
    private DnsAnswer()
    {
    }

    /// <summary>At least one record.</summary>
    public sealed record Found(IReadOnlyList<T> Records) : DnsAnswer<T>;

    /// <summary>The name exists and has no such record.</summary>
    public sealed record NoRecords : DnsAnswer<T>;

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    public sealed record NoSuchName : DnsAnswer<T>;

    /// <summary>Nobody could tell: SERVFAIL, a refusal, silence. Says nothing about the name.</summary>
    public sealed record Unknown(string Reason) : DnsAnswer<T>;
}
