using System.Net;
using System.Net.Sockets;
using System.Text;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.Configuration;

/// <summary>Everything that one start of the program was told, checked.</summary>
internal sealed record HostSettings
{
    public required Profile Profile { get; init; }

    /// <summary>The file that was read, absolute; <see langword="null"/> for none.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>An absolute path; the program makes the directory when it is not there.</summary>
    public required string DataDirectory { get; init; }

    public required Domain HostName { get; init; }

    /// <summary>What was added to every port that is not 0.</summary>
    public required int PortOffset { get; init; }

    /// <summary>What listens, in the order of the banner; at least the web.</summary>
    public required IReadOnlyList<EndpointSettings> Endpoints { get; init; }

    public required TlsSettings Tls { get; init; }

    public required ConnectionSettings Connections { get; init; }

    public required WebSettings Web { get; init; }

    public required LogSettings Log { get; init; }

    /// <summary>How long a stop waits for transactions in hand.</summary>
    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>Whether the clock may be put ahead of the one on the wall; for development and teaching.</summary>
    public required bool MayShiftClock { get; init; }

    public required MetricsSettings Metrics { get; init; }

    public required MtaOptions Mta { get; init; }

    public required MdaOptions Mda { get; init; }

    public required MuaOptions Mua { get; init; }
}

internal enum EndpointKind
{
    /// <summary>Mail from anywhere; in the development profile also submission.</summary>
    Smtp,
    Submission,
    SubmissionTls,

    /// <summary>Mail fetched by the hosts of other domains (RFC 2645).</summary>
    Odmr,

    /// <summary>Mail from an MTA beside us (RFC 2033).</summary>
    Lmtp,

    /// <summary>Mailboxes over IMAP (RFC 9051).</summary>
    Imap,
    ImapTls,

    /// <summary>Mailboxes fetched by POP3 (RFC 1939).</summary>
    Pop3,
    Pop3Tls,
    Web,
}

/// <param name="Port">Already moved by the offset; 0 takes a free one. Unix sockets have none.</param>
internal sealed record EndpointSettings(EndpointKind Kind, int Port, IReadOnlyList<BindAddress> Addresses)
{
    /// <summary>Who may use the files of its Unix sockets.</summary>
    public UnixFileMode SocketMode { get; init; }

    /// <summary>Each connection begins with a PROXY header, and these may send one; <see langword="null"/> where there is no such header.</summary>
    public IReadOnlyList<IPNetwork>? Proxy { get; init; }
}

/// <summary>Where a listener listens.</summary>
/// <param name="Text">As in the configuration.</param>
/// <param name="Address"><see langword="null"/> for the words <c>loopback</c> and <c>any</c>, which mean IPv4 and IPv6, and for a Unix socket.</param>
/// <param name="SocketPath">The absolute path of a Unix socket.</param>
internal sealed record BindAddress(string Text, IPAddress? Address, string? SocketPath = null)
{
    private const string SocketPrefix = "unix:";

    /// <summary>What the smallest of the systems' structures holds (macOS), its NUL left out.</summary>
    private const int MaxSocketPathOctets = 103;

    public static readonly BindAddress Loopback = new("loopback", null);

    public static readonly BindAddress Any = new("any", null);

    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => Address is null ? this != Any : IPAddress.IsLoopback(Address);

    public static bool TryParse(ReadOnlySpan<char> text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BindAddress? address)
    {
        address = text.Equals(Loopback.Text, StringComparison.OrdinalIgnoreCase) ? Loopback
            : text.Equals(Any.Text, StringComparison.OrdinalIgnoreCase) ? Any
            : IPAddress.TryParse(text, out var parsed) ? new BindAddress(text.ToString(), parsed)
            : text.StartsWith(SocketPrefix, StringComparison.Ordinal) && IsSocketPath(text[SocketPrefix.Length..]) ? new BindAddress(text.ToString(), null, text[SocketPrefix.Length..].ToString())
            : null;
        return address is not null;
    }

    /// <summary>As it is written in a configuration: <c>127.0.0.1:25</c>, <c>unix:/run/mailsuite/smtp.sock</c>.</summary>
    public static string TextOf(EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint ? $"{SocketPrefix}{endPoint}" : endPoint.ToString()!;

    internal static bool IsSocketPath(ReadOnlySpan<char> path) =>
        Path.IsPathFullyQualified(path) && !path.Contains('\0') && Encoding.UTF8.GetByteCount(path) <= MaxSocketPathOctets;
}

/// <param name="Certificates">The first answers clients that name no host or one that none of them is for; empty for a self-made one.</param>
/// <param name="ReloadInterval">How often at most the files are looked at for a newer certificate.</param>
internal sealed record TlsSettings(IReadOnlyList<CertificateSettings> Certificates, TimeSpan ReloadInterval);

/// <param name="CertificateFile">PEM, the server's certificate first, then the chain.</param>
/// <param name="KeyFile">PEM; may be the same file.</param>
internal sealed record CertificateSettings(string CertificateFile, string KeyFile);

/// <summary>Limits of all listeners together, those of HTTP included.</summary>
/// <param name="Max">Connections at once; above it new ones are closed without a word, so it lies above the sessions of SMTP.</param>
/// <param name="Backlog">Connections that the system holds before they are accepted.</param>
internal sealed record ConnectionSettings(int Max, int Backlog);

/// <summary>Limits of HTTP.</summary>
internal sealed record WebSettings
{
    /// <summary>Whether the web speaks TLS itself.</summary>
    public required bool Https { get; init; }

    /// <summary>Proxies in front of us that speak TLS and whose X-Forwarded fields are believed.</summary>
    public required IReadOnlyList<IPAddress> TrustedProxies { get; init; }

    public required long MaxRequestBodyOctets { get; init; }

    public required int MaxRequestHeaderOctets { get; init; }

    public required TimeSpan RequestHeadersTimeout { get; init; }

    public required TimeSpan KeepAliveTimeout { get; init; }

    /// <summary>WebSocket connections at once: open pages of the webmail.</summary>
    public required int MaxUpgradedConnections { get; init; }
}

internal enum LogFormat
{
    Human,
    Json,
}

/// <param name="Levels">Category prefix → least level that is shown.</param>
internal sealed record LogSettings(LogFormat Format, LogLevel Level, IReadOnlyDictionary<string, LogLevel> Levels);
