using System.Net;

namespace MailSuite.Host.Configuration;

/// <summary>The settings of the listeners and of HTTP.</summary>
internal static class EndpointSchema
{
    private const int MaxPort = 65_535;
    private const int SmtpPort = 25;
    private const UnixFileMode DefaultSocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Set by the images of .NET for every container.</summary>
    internal const string ContainerVariable = "DOTNET_RUNNING_IN_CONTAINER";

    public static IReadOnlyList<EndpointSettings> Read(SettingsReader reader, Profile profile, int portOffset)
    {
        var endpoints = new List<EndpointSettings>();
        if (profile == Profile.Development)
        {
            var inContainer = reader.Flag("Development:InContainer", false);
            if (inContainer && !string.Equals(Environment.GetEnvironmentVariable(ContainerVariable), "true", StringComparison.OrdinalIgnoreCase))
                reader.Mistake("Development:InContainer", $"This process runs in no container ({ContainerVariable} is not set).", "Remove it: the development profile takes any password, so it listens on loopback only.");
            var fallback = inContainer ? BindAddress.Any : BindAddress.Loopback;
            Add(EndpointKind.Smtp, "Smtp", 1025, fallback, mayLeaveLoopback: inContainer);
            Add(EndpointKind.Lmtp, "Lmtp", null, fallback, mayLeaveLoopback: inContainer);
            Add(EndpointKind.Imap, "Imap", 1143, fallback, mayLeaveLoopback: inContainer);
            Add(EndpointKind.Pop3, "Pop3", 1110, fallback, mayLeaveLoopback: inContainer);
            Add(EndpointKind.Web, "Web", 8025, fallback, mayLeaveLoopback: inContainer);
            foreach (var section in new[] { "Submission", "SubmissionTls", "Odmr" })
                reader.RefuseSection(section, "The development profile takes submission on the port of Smtp.", "Remove it, or run the server profile: mailsuite serve --config FILE.");
            reader.RefuseSection("ImapTls", "The development profile serves IMAP on the port of Imap, with STARTTLS.", "Remove it, or run the server profile: mailsuite serve --config FILE.");
            reader.RefuseSection("Pop3Tls", "The development profile serves POP3 on the port of Pop3, with STLS.", "Remove it, or run the server profile: mailsuite serve --config FILE.");
        }
        else
        {
            Add(EndpointKind.Smtp, "Smtp", 25, BindAddress.Any, mayLeaveLoopback: true);
            Add(EndpointKind.Submission, "Submission", 587, BindAddress.Any, mayLeaveLoopback: true);
            Add(EndpointKind.SubmissionTls, "SubmissionTls", 465, BindAddress.Any, mayLeaveLoopback: true);
            Add(EndpointKind.Odmr, "Odmr", null, BindAddress.Any, mayLeaveLoopback: true);
            Add(EndpointKind.Lmtp, "Lmtp", null, BindAddress.Loopback, mayLeaveLoopback: true);
            Add(EndpointKind.Imap, "Imap", 143, BindAddress.Any, mayLeaveLoopback: true);
            Add(EndpointKind.ImapTls, "ImapTls", 993, BindAddress.Any, mayLeaveLoopback: true);
            Add(EndpointKind.Pop3, "Pop3", 110, BindAddress.Any, mayLeaveLoopback: true);
            Add(EndpointKind.Pop3Tls, "Pop3Tls", 995, BindAddress.Any, mayLeaveLoopback: true);
            Add(EndpointKind.Web, "Web", 443, BindAddress.Any, mayLeaveLoopback: true);
            reader.RefuseSection("Development", "It is for the development profile only.", "Remove it, or run mailsuite dev --config FILE.");
        }

        RefuseClashes(reader, endpoints);
        return endpoints;

        void Add(EndpointKind kind, string section, int? defaultPort, BindAddress defaultAddress, bool mayLeaveLoopback)
        {
            var port = reader.Port($"{section}:Port", defaultPort);
            var addresses = reader.List($"{section}:Addresses", [defaultAddress], BindAddress.TryParse, "an IP address, \"loopback\", \"any\" or a Unix socket", "unix:/run/mailsuite/smtp.sock", maxCount: 32);
            if (addresses.Count == 0)
                reader.Mistake($"{section}:Addresses", "There is no address here.", "Name one, or switch the listener off with \"Port\": \"off\".");
            if (!mayLeaveLoopback && !addresses.All(address => address.IsLoopback))
                reader.Mistake($"{section}:Addresses", "The development profile takes any password and any mail, so it listens on loopback only.", "Remove this, or run the server profile: mailsuite serve --config FILE.");
            if (kind == EndpointKind.Web && addresses.Any(address => address.SocketPath is not null))
                reader.Mistake("Web:Addresses", "The web listens on IP addresses only.", "Keep the web on an IP address; \"loopback\" keeps others out.");
            if (kind == EndpointKind.Web && port is null)
                reader.Mistake("Web:Port", "The web cannot be off: the command line and the health check use it.", "Give it a port, and \"Addresses\": [\"loopback\"] to keep others out.");
            var endpoint = new EndpointSettings(kind, port ?? 0, addresses);
            if (kind != EndpointKind.Web)
                endpoint = ReadMail(reader, section, endpoint);
            // A socket has no port that could be off.
            if (port is null)
                endpoint = endpoint with { Addresses = [.. addresses.Where(address => address.SocketPath is not null)] };
            if (endpoint.Addresses.Count == 0)
                return;

            var moved = endpoint.Port == 0 ? 0 : endpoint.Port + portOffset;
            if (kind == EndpointKind.Lmtp && moved == SmtpPort)
                reader.Mistake("Lmtp:Port", "LMTP must not be served on port 25 (RFC 2033 §5): other hosts would take it for SMTP.", "Take another one, such as 24.");
            if (moved > MaxPort)
                reader.Mistake($"{section}:Port", $"Port {port} moved by {portOffset} is {moved}, above {MaxPort}.", "Take a smaller port offset.");
            endpoints.Add(endpoint with { Port = moved });
        }
    }

    /// <summary>What only listeners of mail have.</summary>
    private static EndpointSettings ReadMail(SettingsReader reader, string section, EndpointSettings endpoint)
    {
        var proxies = reader.List<IPNetwork>($"{section}:ProxyFrom", [], NetworkText.TryParse, NetworkText.What, NetworkText.Example, maxCount: 100);
        var proxy = reader.Flag($"{section}:Proxy", false);
        if (proxy && proxies.Count == 0 && endpoint.Addresses.Any(address => address.SocketPath is null))
            reader.Mistake($"{section}:ProxyFrom", "Whoever connects could claim any address.", $"Name the proxies: \"ProxyFrom\": [\"{NetworkText.Example}\"].");
        if (!proxy && proxies.Count > 0)
            reader.Mistake($"{section}:ProxyFrom", "Without Proxy nobody sends a PROXY header.", "Set \"Proxy\": true too, or remove this.");
        return endpoint with
        {
            SocketMode = reader.Text($"{section}:SocketMode", DefaultSocketMode, TryReadMode, "a file mode in octal", "0660"),
            Proxy = proxy ? proxies : null,
        };
    }

    private static bool TryReadMode(ReadOnlySpan<char> text, out UnixFileMode mode)
    {
        mode = UnixFileMode.None;
        if (text.Length is < 3 or > 4 || text.ContainsAnyExceptInRange('0', '7') || (text.Length == 4 && text[0] != '0'))
            return false;
        foreach (var digit in text)
            mode = (UnixFileMode)(((int)mode << 3) | (digit - '0'));
        return true;
    }

    public static WebSettings ReadWeb(SettingsReader reader, bool server, IReadOnlyList<EndpointSettings> endpoints)
    {
        var web = new WebSettings
        {
            Https = reader.Flag("Web:Https", server),
            TrustedProxies = reader.List<IPAddress>("Web:TrustedProxies", [], IPAddress.TryParse, "an IP address", "127.0.0.1", maxCount: 100),
            MaxRequestBodyOctets = reader.Octets("Web:MaxRequestBodyOctets", 80L << 20, 64L << 10, 2L << 30),
            MaxRequestHeaderOctets = (int)reader.Octets("Web:MaxRequestHeaderOctets", 32L << 10, 8L << 10, 1L << 20),
            RequestHeadersTimeout = reader.Duration("Web:RequestHeadersTimeout", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            KeepAliveTimeout = reader.Duration("Web:KeepAliveTimeout", TimeSpan.FromSeconds(130), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            MaxUpgradedConnections = reader.Integer("Web:MaxUpgradedConnections", 500, 1, 1_000_000),
        };
        var open = endpoints.Where(endpoint => endpoint.Kind == EndpointKind.Web).SelectMany(endpoint => endpoint.Addresses).Any(address => !address.IsLoopback);
        if (server && open && !web.Https && web.TrustedProxies.Count == 0)
            reader.Mistake("Web:Https", "Passwords would cross the network in clear.", "Set it to true, or set \"Addresses\": [\"loopback\"], or name the proxy that speaks TLS for us in Web:TrustedProxies.");
        return web;
    }

    private static void RefuseClashes(SettingsReader reader, List<EndpointSettings> endpoints)
    {
        for (var later = 1; later < endpoints.Count; later++)
        {
            foreach (var earlier in endpoints.Take(later))
            {
                foreach (var socket in earlier.Addresses.Select(address => address.SocketPath).OfType<string>().Intersect(endpoints[later].Addresses.Select(address => address.SocketPath), StringComparer.Ordinal))
                    reader.Mistake($"{endpoints[later].Kind}:Addresses", $"{earlier.Kind}:Addresses has the socket {socket} too.", "Give each listener a socket of its own.");
                if (earlier.Port != 0 && earlier.Port == endpoints[later].Port && earlier.Addresses.Any(address => endpoints[later].Addresses.Any(other => Meet(address, other))))
                    reader.Mistake($"{endpoints[later].Kind}:Port", $"{earlier.Kind}:Port is {earlier.Port} too, on the same address.", "Give each listener a port of its own.");
            }
        }
    }

    private static bool Meet(BindAddress one, BindAddress other) => one.SocketPath is null && other.SocketPath is null && (
        one == BindAddress.Any || other == BindAddress.Any || one == other || (one.IsLoopback && other.IsLoopback && (one.Address is null || other.Address is null)) || Equals(one.Address, other.Address));
}
