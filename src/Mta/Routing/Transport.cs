using System.Net;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Routing;

/// <summary>How to speak with the next hosts. Sessions are shared only among messages of the same transport.</summary>
/// <param name="Name">As the settings call it; <see cref="MxName"/> for direct delivery.</param>
/// <param name="Port">Of hosts that name none themselves.</param>
internal sealed record Transport(string Name, int Port)
{
    /// <summary>The name of direct delivery by DNS.</summary>
    public const string MxName = "mx";

    public RelayProtocol Protocol { get; init; } = RelayProtocol.Smtp;

    /// <summary>A Unix socket to connect to instead of hosts; <see langword="null"/> for hosts.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>Whether TLS begins with the connection (RFC 8314 §3.3) instead of by STARTTLS.</summary>
    public bool ImplicitTls { get; init; }

    public TlsPolicy Tls { get; init; } = TlsPolicy.Opportunistic;

    /// <summary><see langword="null"/> where we do not sign in.</summary>
    public RelayCredentials? Credentials { get; init; }

    /// <summary>Addresses to connect from, the first of the family that is needed; empty for the system's choice.</summary>
    public IReadOnlyList<IPAddress> SourceAddresses { get; init; } = [];

    /// <summary>Connections at once; <see langword="null"/> for the limit that every destination has.</summary>
    public int? MaxConcurrency { get; init; }
}
