using System.IO.Pipelines;
using System.Net;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Testing;

/// <summary>How the octets of a dialogue reach the other side.</summary>
public enum Chunking
{
    /// <summary>All that is said in one turn comes in one read.</summary>
    WholeTurn,

    /// <summary>Each octet comes in a read of its own.</summary>
    ByteByByte,
}

/// <summary>Two transports in memory, connected to each other.</summary>
public sealed class ConnectedTransports : IAsyncDisposable
{
    /// <param name="client">From where the client seems to connect.</param>
    /// <param name="boundToClient">Whether the server has to wait for a client that does not read, as it has with a socket.</param>
    public ConnectedTransports(Chunking toServer = Chunking.WholeTurn, EndPoint? client = null, bool boundToClient = false)
    {
        // A threshold of one octet makes the writer wait until the reader has taken it: without it octets pile up into one read.
        var up = new Pipe(toServer == Chunking.ByteByByte
            ? new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false)
            : new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        var down = new Pipe(boundToClient ? new PipeOptions(useSynchronizationContext: false) : new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        Server = new PipeTransport(up.Reader, down.Writer, null, client, null);
        Client = new PipeTransport(down.Reader, up.Writer, null, null, null);
        Chunking = toServer;
    }

    public PipeTransport Server { get; }

    public PipeTransport Client { get; }

    private Chunking Chunking { get; }

    /// <summary>Sends to the server, in the way that was chosen.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        if (Chunking == Chunking.WholeTurn)
        {
            await Client.Output.WriteAsync(octets, cancellationToken);
            return;
        }

        for (var i = 0; i < octets.Length; i++)
        {
            var flushed = await Client.Output.WriteAsync(octets.Slice(i, 1), cancellationToken);
            if (flushed.IsCompleted)
                return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
