using System.Net;
using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mta;

/// <summary>Which mail for other hosts goes another way than to the hosts that the DNS names for its domain.</summary>
public sealed record RoutingOptions
{
    /// <summary>Ways to leave, by name, whatever its case. Default none.</summary>
    public IReadOnlyDictionary<string, TransportOptions> Transports { get; init; } = new Dictionary<string, TransportOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which mail takes which of them; the first that fits counts. Default none.</summary>
    public IReadOnlyList<RouteRule> Routes { get; init; } = [];

    /// <summary>What takes all mail that no rule speaks of; <see langword="null"/>, the default, for the hosts that the DNS names.</summary>
    public TransportOptions? Smarthost { get; init; }

    /// <summary>
    /// The name of the transport that takes over from the hosts that the DNS names when these could not be reached, or took nothing, so often; <see langword="null"/>,
    /// the default, for none.
    /// </summary>
    public string? Fallback { get; init; }

    /// <summary>Failed attempts at a recipient after which <see cref="Fallback"/> takes over, where a rule does not say another number. Default 3: half an hour.</summary>
    public int FallbackAfter { get; init; } = 3;

    /// <summary>Domains of others for which we are a second MX: anybody may send to them, and it goes on to their primary. Default none.</summary>
    public IReadOnlyDictionary<Domain, BackupDomain> BackupDomains { get; init; } = new Dictionary<Domain, BackupDomain>();

    /// <summary>How long the primary may take to say whether it has a recipient; after that the mail is taken. Default 10 s, well below the 5 min that clients wait (RFC 5321 §4.5.3.2.3).</summary>
    public TimeSpan BackupAskTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Whose mail is taken for a domain of somebody else. Without a list and a file the primary is asked about each recipient.</summary>
public sealed record BackupDomain
{
    /// <summary>Recipients, their local-parts without regard to case; <see langword="null"/>, the default, for no list.</summary>
    public IReadOnlyList<EnvelopeAddress>? Recipients { get; init; }

    /// <summary>A file with a recipient, or its local-part, in each line; <c>#</c> begins a comment. Read again when it changes. <see langword="null"/>, the default, for none.</summary>
    public string? RecipientsFile { get; init; }
}

/// <summary>A way to leave: hosts that are named in the settings, and how to speak with them.</summary>
/// <param name="Name">Letters, digits, hyphens and underscores.</param>
public sealed record TransportOptions(string Name)
{
    /// <summary>In the order in which they are tried; one at least, unless there is a Unix socket.</summary>
    public IReadOnlyList<NextHop> Hosts { get; init; } = [];

    /// <summary>The absolute path of a Unix socket instead of hosts.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>Whether the MX records of the hosts name those to connect to. Default no: the hosts themselves.</summary>
    public bool UseMx { get; init; }

    public RelayProtocol Protocol { get; init; } = RelayProtocol.Smtp;

    /// <summary>Whether TLS begins with the connection (RFC 8314 §3.3). Default no: by STARTTLS.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>Default opportunistic, and with a password verify: it goes to nobody but the host that is meant.</summary>
    public TlsPolicy Tls { get; init; } = TlsPolicy.Opportunistic;

    /// <summary>As whom we sign in; <see langword="null"/>, the default, for nobody.</summary>
    public RelayCredentials? Credentials { get; init; }

    /// <summary>Addresses of ours to connect from, the first of the family that is needed; empty, the default, for the system's choice.</summary>
    public IReadOnlyList<IPAddress> SourceAddresses { get; init; } = [];

    /// <summary>Connections at once; <see langword="null"/>, the default, for <see cref="RelayOptions.MaxConcurrentPerDestination"/>.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>
    /// The port of hosts that name none: 24 for LMTP (which RFC 2033 §5 keeps from port 25), 465 with implicit TLS (RFC 8314 §7.3), 587 with credentials
    /// (RFC 6409 §3.1), otherwise 25.
    /// </summary>
    public int Port { get; init; } = 25;
}

/// <summary>Mail to some, from some, goes one way.</summary>
/// <param name="To">Recipients; any of them.</param>
/// <param name="From">Reverse-paths; any of them.</param>
/// <param name="Via">The name of a transport; <see langword="null"/> for the hosts that the DNS names.</param>
public sealed record RouteRule(IReadOnlyList<AddressPattern> To, IReadOnlyList<AddressPattern> From, string? Via)
{
    /// <summary>The name of the transport that takes over; <see langword="null"/>, the default, for what holds for all mail to the hosts that the DNS names, and for none otherwise.</summary>
    public string? Fallback { get; init; }

    /// <summary>Failed attempts after which it does; <see langword="null"/>, the default, for <see cref="RoutingOptions.FallbackAfter"/>.</summary>
    public int? FallbackAfter { get; init; }
}

/// <summary>What is spoken with the next host.</summary>
public enum RelayProtocol
{
    Smtp,

    /// <summary>RFC 2033: a reply for each recipient after the dot.</summary>
    Lmtp,
}

/// <summary>How much TLS a destination must give.</summary>
public enum TlsPolicy
{
    /// <summary>Not used even where it is offered.</summary>
    None,

    /// <summary>Where it is offered and works, with any certificate (RFC 7435).</summary>
    Opportunistic,

    /// <summary>Always, with any certificate.</summary>
    Encrypt,

    /// <summary>Always, with a certificate that is valid for the host's name.</summary>
    Verify,
}

/// <summary>As whom we sign in at a next host. Never shown: not in a log, a dialogue or a journey.</summary>
public sealed record RelayCredentials(string UserName, string Password)
{
    public override string ToString() => UserName;
}
