using System.Net;
using System.Net.Sockets;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.Listening;

/// <summary>Hands each connection that Kestrel accepted to the SMTP server.</summary>
internal sealed partial class SmtpConnections(ISmtpServer server, IHostApplicationLifetime lifetime, ILogger<SmtpConnections> logger)
{
    public async Task ServeAsync(ConnectionContext connection, SmtpRole role)
    {
        try
        {
            await using var transport = new PipeTransport(
                connection.Transport.Input, connection.Transport.Output, Plain(connection.LocalEndPoint), Plain(connection.RemoteEndPoint), owned: null);
            await server.ServeAsync(transport, role, lifetime.ApplicationStopping);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException or SocketException)
        {
            PeerLeft(connection.RemoteEndPoint, e.Message);
        }
        catch (Exception e)
        {
            Broken(connection.RemoteEndPoint, e);
        }
    }

    /// <summary>A socket for both families names an IPv4 peer <c>::ffff:192.0.2.1</c>; limits and Received fields want 192.0.2.1.</summary>
    private static EndPoint? Plain(EndPoint? endPoint) =>
        endPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : endPoint;

    [LoggerMessage(LogLevel.Debug, "{Peer} left in the middle: {Reason}")]
    private partial void PeerLeft(EndPoint? peer, string reason);

    [LoggerMessage(LogLevel.Error, "The session with {Peer} broke.")]
    private partial void Broken(EndPoint? peer, Exception exception);
}
