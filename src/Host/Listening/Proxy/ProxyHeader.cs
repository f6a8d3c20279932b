using System.Net;

namespace MailSuite.Host.Listening.Proxy;

/// <summary>What a proxy says of the connection that it hands on (the PROXY protocol of HAProxy's proxy-protocol.txt, versions 1 and 2).</summary>
/// <param name="Source">The client that connected to the proxy; <see langword="null"/> when it has no IP address.</param>
/// <param name="Destination">Where it connected to; <see langword="null"/> likewise.</param>
/// <param name="IsOwn">The proxy speaks for itself, or does not know for whom (LOCAL, UNKNOWN, UNSPEC): the connection's own endpoints count.</param>
internal readonly record struct ProxyHeader(IPEndPoint? Source, IPEndPoint? Destination, bool IsOwn)
{
    /// <summary>Octets of a header at most, extensions included; what is longer is refused.</summary>
    public const int MaxOctets = 4096;

    public static readonly ProxyHeader Own = new(null, null, IsOwn: true);

    /// <summary>Reads the header at the beginning of what has come so far.</summary>
    /// <param name="consumed">Octets of the header; 0 unless it was read.</param>
    public static ProxyOutcome Read(ReadOnlySpan<byte> octets, out ProxyHeader header, out int consumed)
    {
        header = default;
        consumed = 0;
        if (octets.IsEmpty)
            return ProxyOutcome.More;
        return octets[0] == ProxyHeaderV1.FirstOctet ? ProxyHeaderV1.Read(octets, out header, out consumed) : ProxyHeaderV2.Read(octets, out header, out consumed);
    }

    /// <summary>Whether the octets begin as they must, as far as they have come.</summary>
    internal static bool BeginsWith(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> expected) =>
        octets.Length < expected.Length ? expected.StartsWith(octets) : octets.StartsWith(expected);
}

internal enum ProxyOutcome
{
    /// <summary>So far it is well; the rest has not come.</summary>
    More,

    Read,

    /// <summary>It is no header of this protocol; the connection must be closed (§2: nothing may be guessed).</summary>
    Malformed,
}
