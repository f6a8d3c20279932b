using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MailSuite.Shared.Addressing;

/// <summary>A host that is named by a person, with or without its port: <c>smtp.example.org</c>, <c>smtp.example.org:587</c>, <c>[192.0.2.1]:25</c>.</summary>
/// <param name="Host">A name, or an address literal.</param>
/// <param name="Port">1 to 65535; <see langword="null"/> for the usual one.</param>
public sealed record NextHop(Domain Host, int? Port)
{
    /// <summary>Takes addresses with and without brackets; only an IPv6 address with a port needs them.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out NextHop? hop)
    {
        hop = null;
        // With a bracket in front the parser of addresses would pass over a port.
        if (text is not ['[', ..] && IPAddress.TryParse(text, out _))
            return TryMake(text, null, out hop);

        var colon = text.LastIndexOf(':');
        if (colon <= text.IndexOf(']'))
            return TryMake(text, null, out hop);
        return int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= ushort.MaxValue && TryMake(text[..colon], port, out hop);
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Port is { } port ? $"{Host.Ascii}:{port.ToString(CultureInfo.InvariantCulture)}" : Host.Ascii;

    private static bool TryMake(ReadOnlySpan<char> host, int? port, [NotNullWhen(true)] out NextHop? hop)
    {
        hop = Domain.TryParse(Literal(host), out var domain) ? new NextHop(domain, port) : null;
        return hop is not null;
    }

    /// <summary>An address in the form of RFC 5321 §4.1.3; anything else as it is.</summary>
    private static ReadOnlySpan<char> Literal(ReadOnlySpan<char> host) =>
        !IPAddress.TryParse(host is ['[', .. var inner, ']'] ? inner : host, out var address) ? host
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{address}]"
        : host is ['[', ..] ? host
        : $"[{host}]";
}
