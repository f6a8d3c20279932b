using System.Net;
using System.Net.Sockets;
using MailSuite.Host.Configuration;
using MailSuite.Host.Local;
using MailSuite.Host.Running;
using MailSuite.Host.Tls;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Host.Listening;

/// <summary>Opens all ports with Kestrel, those of mail and HTTP alike, and knows afterwards which ones they became.</summary>
internal sealed class Listeners(HostSettings settings)
{
    private readonly List<(EndpointSettings Endpoint, ListenOptions Options)> _opened = [];

    /// <summary>What listens where; complete when the program has started.</summary>
    public IReadOnlyList<(EndpointKind Kind, EndPoint EndPoint)> Bound => [.. _opened.Select(opened => (opened.Endpoint.Kind, opened.Options.EndPoint))];

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = settings.Connections.Max;
        kestrel.Limits.MaxConcurrentUpgradedConnections = settings.Web.MaxUpgradedConnections;
        kestrel.Limits.MaxRequestBodySize = settings.Web.MaxRequestBodyOctets;
        kestrel.Limits.MaxRequestHeadersTotalSize = settings.Web.MaxRequestHeaderOctets;
        kestrel.Limits.RequestHeadersTimeout = settings.Web.RequestHeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = settings.Web.KeepAliveTimeout;
        foreach (var endpoint in settings.Endpoints)
        {
            foreach (var address in endpoint.Addresses.SelectMany(address => AddressesOf(address, endpoint.Port)).Distinct())
                kestrel.Listen(new IPEndPoint(address, endpoint.Port), options => Configure(endpoint, options));
            foreach (var path in SocketsOf(endpoint))
            {
                SocketFile.Prepare(path, $"{endpoint.Kind}:Addresses");
                kestrel.ListenUnixSocket(path, options => Configure(endpoint, options));
            }
        }

        if (LocalSocket.PathFor(settings.DataDirectory) is { } local)
        {
            SocketFile.Prepare(local, "DataDirectory");
            kestrel.ListenUnixSocket(local, options => options.Run(options.ApplicationServices.GetRequiredService<LocalChannel>().ServeAsync));
        }
    }

    /// <summary>Lets those use the Unix sockets who may; until then only our own account can, as with every file that we make.</summary>
    public void OpenSockets()
    {
        foreach (var (endpoint, options) in _opened)
        {
            if (options.SocketPath is { } path)
                SocketFile.SetMode(path, endpoint.SocketMode);
        }

        if (LocalSocket.PathFor(settings.DataDirectory) is { } local)
            SocketFile.SetMode(local, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Says which of the ports cannot be opened, after Kestrel said that one cannot.</summary>
    public StartException Explain(Exception failure)
    {
        var problems = new List<string>();
        foreach (var endpoint in settings.Endpoints.Where(endpoint => endpoint.Port != 0))
        {
            foreach (var address in endpoint.Addresses.SelectMany(address => AddressesOf(address, endpoint.Port)).Distinct())
            {
                if (Probe(new IPEndPoint(address, endpoint.Port), endpoint.Kind) is { } problem)
                    problems.Add(problem);
            }
        }

        return new StartException(problems.Count > 0 ? string.Join(Environment.NewLine, problems) : $"A port or a socket cannot be opened: {failure.Message}", failure);
    }

    private void Configure(EndpointSettings endpoint, ListenOptions options)
    {
        _opened.Add((endpoint, options));
        if (endpoint.Kind == EndpointKind.Web)
        {
            options.Protocols = settings.Web.Https ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
            if (settings.Web.Https)
            {
                var tls = options.ApplicationServices.GetRequiredService<ServerTls>();
                options.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = handshake => ValueTask.FromResult(tls.ForHttpHandshake(handshake.ClientHelloInfo.ServerName)) });
            }

            return;
        }

        var connections = options.ApplicationServices.GetRequiredService<MailConnections>();
        var serve = ServerOf(endpoint.Kind, options.ApplicationServices);
        options.Run(connection => connections.ServeAsync(connection, endpoint, serve));
    }

    private static Func<IMailTransport, CancellationToken, Task> ServerOf(EndpointKind kind, IServiceProvider services)
    {
        if (kind is EndpointKind.Imap or EndpointKind.ImapTls)
        {
            var imap = services.GetRequiredService<IImapServer>();
            return (transport, stopping) => imap.ServeAsync(transport, kind == EndpointKind.ImapTls, stopping);
        }

        if (kind is EndpointKind.Pop3 or EndpointKind.Pop3Tls)
        {
            var pop3 = services.GetRequiredService<IPop3Server>();
            return (transport, stopping) => pop3.ServeAsync(transport, kind == EndpointKind.Pop3Tls, stopping);
        }

        var smtp = services.GetRequiredService<ISmtpServer>();
        var role = kind switch
        {
            EndpointKind.Submission => SmtpRole.Submission,
            EndpointKind.SubmissionTls => SmtpRole.ImplicitTlsSubmission,
            EndpointKind.Odmr => SmtpRole.Odmr,
            EndpointKind.Lmtp => SmtpRole.Lmtp,
            _ => SmtpRole.Mx,
        };
        return (transport, stopping) => smtp.ServeAsync(transport, role, stopping);
    }

    private static IEnumerable<string> SocketsOf(EndpointSettings endpoint) => endpoint.Addresses.Select(address => address.SocketPath).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>The addresses that a word stands for on this machine; none for a Unix socket.</summary>
    private static IEnumerable<IPAddress> AddressesOf(BindAddress address, int port)
    {
        if (address.SocketPath is not null)
            return [];
        if (address.Address is { } literal)
            return [literal];
        if (address == BindAddress.Any)
            return [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any];
        // Two sockets cannot take the same free port with certainty, so port 0 is IPv4 alone.
        return port != 0 && HasIPv6Loopback() ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];
    }

    /// <summary>Containers often have IPv6 in the kernel and no ::1.</summary>
    private static bool HasIPv6Loopback()
    {
        if (!Socket.OSSupportsIPv6)
            return false;
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string? Probe(IPEndPoint endPoint, EndpointKind kind)
    {
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(endPoint);
            socket.Listen();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"Port {endPoint.Port} on {endPoint.Address} ({kind}:Port) is taken by another program. Stop that, or move all ports with --port-offset 1000.",
                SocketError.AccessDenied =>
                    $"Port {endPoint.Port} on {endPoint.Address} ({kind}:Port) needs a privilege that this account has not. Grant it (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE), or move all ports with --port-offset 8000.",
                SocketError.AddressNotAvailable =>
                    $"This machine has no address {endPoint.Address} ({kind}:Addresses). Write one that it has, or \"any\".",
                _ => $"Port {endPoint.Port} on {endPoint.Address} ({kind}:Port) cannot be opened: {e.Message}",
            };
        }
    }
}
