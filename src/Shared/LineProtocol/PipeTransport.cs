using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace MailSuite.Shared.LineProtocol;

/// <summary>A transport over a pair of pipes, whoever made them.</summary>
public sealed class PipeTransport : IMailTransport
{
    /// <summary>How long a farewell in TLS or a last flush may take before the connection is simply dropped.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    /// <summary>What is written to a stream at once: a small message whole, and a whole record of TLS (RFC 8446 §5.1). Rented only while there is something to write.</summary>
    private const int WriteOctets = 16 * 1024;

    private readonly IAsyncDisposable? _owned;
    private readonly Stack<SslStream> _layers = [];

    /// <param name="owned">Closed with the transport; <see langword="null"/> when somebody else closes the connection.</param>
    public PipeTransport(PipeReader input, PipeWriter output, EndPoint? local, EndPoint? remote, IAsyncDisposable? owned)
    {
        Input = input;
        Output = output;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        _owned = owned;
    }

    public PipeReader Input { get; private set; }

    public PipeWriter Output { get; private set; }

    public EndPoint? LocalEndPoint { get; }

    public EndPoint? RemoteEndPoint { get; }

    public TlsFacts? Tls { get; private set; }

    /// <summary>A transport over a connected socket, which it owns from now on.</summary>
    public static PipeTransport Over(Socket socket)
    {
        if (socket.ProtocolType == ProtocolType.Tcp)
            socket.NoDelay = true;
        var local = socket.LocalEndPoint;
        var remote = socket.RemoteEndPoint;
        var stream = new NetworkStream(socket, ownsSocket: true);
        return new PipeTransport(
            PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true)),
            PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: WriteOctets, leaveOpen: true)),
            local, remote, stream);
    }

    public int DiscardReceived()
    {
        if (!Input.TryRead(out var read))
            return 0;

        var octets = (int)Math.Min(read.Buffer.Length, int.MaxValue);
        Input.AdvanceTo(read.Buffer.End);
        return octets;
    }

    public Task UpgradeToTlsAsync(IServerTls tls, CancellationToken cancellationToken) =>
        UpgradeAsync(ssl => ssl.AuthenticateAsServerAsync(ForHandshake, tls, cancellationToken), static () => false, ChannelBindings.Of);

    public Task UpgradeToTlsAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        var judge = options.RemoteCertificateValidationCallback;
        var verified = false;
        options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            verified = errors == SslPolicyErrors.None;
            return judge?.Invoke(sender, certificate, chain, errors) ?? verified;
        };
        return UpgradeAsync(ssl => ssl.AuthenticateAsClientAsync(options, cancellationToken), () => verified, ChannelBindings.OfClient);
    }

    /// <summary>Says goodbye in TLS where there is TLS, so that the other side can tell an end from a cut, and closes what it owns.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // What is left in it is flushed, which a side that reads nothing would hold up for ever.
            await Output.CompleteAsync().AsTask().WaitAsync(FarewellTimeout).ConfigureAwait(false);
            while (_layers.TryPop(out var ssl))
            {
                await ssl.ShutdownAsync().WaitAsync(FarewellTimeout).ConfigureAwait(false);
                await ssl.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or TimeoutException or OperationCanceledException)
        {
            // The other side has gone without waiting for a farewell.
        }

        await Input.CompleteAsync().ConfigureAwait(false);
        if (_owned is not null)
            await _owned.DisposeAsync().ConfigureAwait(false);
    }

    private static ValueTask<SslServerAuthenticationOptions> ForHandshake(SslStream ssl, SslClientHelloInfo hello, object? tls, CancellationToken cancellationToken) =>
        new(((IServerTls)tls!).ForHandshake(hello.ServerName));

    private async Task UpgradeAsync(Func<SslStream, Task> handshake, Func<bool> peerVerified, Func<SslStream, ChannelBindings> bindings)
    {
        var ssl = new SslStream(new DuplexPipeStream(Input, Output), leaveInnerStreamOpen: true);
        try
        {
            await handshake(ssl).ConfigureAwait(false);
        }
        catch
        {
            await ssl.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        // Before anything else goes over the stream: what asks OpenSSL must be alone with the connection.
        var facts = new TlsFacts(NameOf(ssl), ssl.NegotiatedCipherSuite.ToString(), peerVerified()) { Bindings = bindings(ssl) };
        _layers.Push(ssl);
        // Waiting without a buffer: an idle session under TLS would hold two, one of them of the size of a record.
        Input = PipeReader.Create(ssl, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(ssl, new StreamPipeWriterOptions(minimumBufferSize: WriteOctets, leaveOpen: true));
        Tls = facts;
    }

    private static string NameOf(SslStream ssl) => ssl.SslProtocol switch
    {
        System.Security.Authentication.SslProtocols.Tls12 => "TLS 1.2",
        System.Security.Authentication.SslProtocols.Tls13 => "TLS 1.3",
        var other => other.ToString(),
    };
}
