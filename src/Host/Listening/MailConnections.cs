using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using MailSuite.Host.Configuration;
using MailSuite.Host.Listening.Proxy;
using MailSuite.Shared.LineProtocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.Listening;

/// <summary>Hands each connection that Kestrel accepted to the server of its protocol.</summary>
internal sealed partial class MailConnections(IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<MailConnections> logger)
{
    /// <param name="serve">The server: one connection, and the token that says that the program is about to end.</param>
    public async Task ServeAsync(ConnectionContext connection, EndpointSettings endpoint, Func<IMailTransport, CancellationToken, Task> serve)
    {
        var (local, remote) = (Plain(connection.LocalEndPoint), Plain(connection.RemoteEndPoint));
        try
        {
            if (endpoint.Proxy is { } proxies)
            {
                if (await IntroducedAsync(connection.Transport.Input, remote, proxies) is not { } header)
                    return;
                if (!header.IsOwn)
                    (local, remote) = (Plain(header.Destination), Plain(header.Source));
            }

            await using var transport = new PipeTransport(connection.Transport.Input, connection.Transport.Output, local, remote, owned: null);
            await serve(transport, lifetime.ApplicationStopping);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException or SocketException)
        {
            PeerLeft(remote, e.Message);
        }
        catch (Exception e)
        {
            Broken(remote, e);
        }
    }

    /// <returns>What the proxy said; <see langword="null"/> when the connection is to be closed.</returns>
    private async ValueTask<ProxyHeader?> IntroducedAsync(PipeReader input, EndPoint? peer, IReadOnlyList<IPNetwork> proxies)
    {
        // Who may connect to a Unix socket is decided by its file.
        if (peer is IPEndPoint ip && !proxies.Any(network => network.Contains(ip.Address)))
        {
            NoProxy(peer);
            return null;
        }

        var header = await ProxyPreamble.ReadAsync(input, clock, lifetime.ApplicationStopping);
        if (header is null)
            BadHeader(peer);
        return header;
    }

    /// <summary>A socket for both families names an IPv4 peer <c>::ffff:192.0.2.1</c>; limits and Received fields want 192.0.2.1.</summary>
    private static EndPoint? Plain(EndPoint? endPoint) =>
        endPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : endPoint;

    [LoggerMessage(LogLevel.Debug, "{Peer} left in the middle: {Reason}")]
    private partial void PeerLeft(EndPoint? peer, string reason);

    [LoggerMessage(LogLevel.Debug, "{Peer} is none of the proxies that may connect here; its connection was closed.")]
    private partial void NoProxy(EndPoint? peer);

    [LoggerMessage(LogLevel.Warning, "The proxy {Peer} sent no PROXY header; its connection was closed.")]
    private partial void BadHeader(EndPoint? peer);

    [LoggerMessage(LogLevel.Error, "The session with {Peer} broke.")]
    private partial void Broken(EndPoint? peer, Exception exception);
}
