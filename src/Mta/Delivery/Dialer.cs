using System.Net;
using System.Net.Sockets;
using MailSuite.Mta.Metrics;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using Polly;
using Polly.Timeout;

namespace MailSuite.Mta.Delivery;

/// <summary>Makes connections: to TCP addresses, from the address that the transport names, or to a Unix socket.</summary>
internal sealed class Dialer(RelayOptions options, TimeProvider clock)
{
    private readonly ResiliencePipeline _connecting = new ResiliencePipelineBuilder { TimeProvider = clock }.AddTimeout(options.ConnectTimeout).Build();

    /// <summary>Connects to the first of these that answers (RFC 8305).</summary>
    public Task<(Connection.Made? Winner, IReadOnlyList<Connection.Failed> Failures, int Started)> ConnectAsync(
        Transport transport, IReadOnlyList<EndPoint> candidates, CancellationToken cancellationToken) =>
        AddressRace.RunAsync(candidates, (end, token) => ConnectAsync(transport, end, token), clock, cancellationToken);

    private async Task<Connection> ConnectAsync(Transport transport, EndPoint end, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            // A system without IPv6 refuses already here.
            socket = end is UnixDomainSocketEndPoint
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (SourceFor(transport, end) is { } source)
                socket.Bind(new IPEndPoint(source, 0));
            await _connecting.ExecuteAsync(static async (call, token) => await call.socket.ConnectAsync(call.end, token), (socket, end), cancellationToken);
            MtaMeter.Connected(succeeded: true);
            return new Connection.Made(end, PipeTransport.Over(socket), socket);
        }
        catch (Exception e) when (e is SocketException or TimeoutRejectedException)
        {
            socket?.Dispose();
            MtaMeter.Connected(succeeded: false);
            return new Connection.Failed(end, e is SocketException { SocketErrorCode: SocketError.AddressNotAvailable } && SourceFor(transport, end) is { } source
                ? $"{source}, a source address of the transport {transport.Name}, is not an address of this machine"
                : e is SocketException ? e.Message : $"no answer within {options.ConnectTimeout}");
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    /// <summary>The first source address of the family that is needed; none is the system's choice.</summary>
    private static IPAddress? SourceFor(Transport transport, EndPoint end)
    {
        foreach (var source in transport.SourceAddresses)
        {
            if (source.AddressFamily == end.AddressFamily)
                return source;
        }

        return null;
    }
}
