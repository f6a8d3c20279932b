using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mda.Imap;

/// <summary>The octets of a session in both directions, each wait with an end. Knows no command and no state.</summary>
/// <remarks>
/// Responses are collected and go out together as soon as the session would have to wait for the client: a reading that is done at once
/// means that the client has pipelined.
/// </remarks>
internal sealed class ImapConnection : IAsyncDisposable
{
    /// <summary>Octets that are read and thrown away after the last response. Closing on unread octets would make TCP reset the connection and the response be lost.</summary>
    private const int MaxDrainedOctets = 1024 * 1024;

    /// <summary>How long the last response may take.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(5);

    private readonly IMailTransport _transport;
    private readonly ImapOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _stopping;
    private readonly SessionDeadline _deadline;
    private readonly SessionDeadline _flushDeadline;
    private readonly CancellationTokenRegistration _onStop;
    private volatile PipeReader _input;
    private volatile PipeWriter _output;
    private volatile bool _flushing;
    private ImapCompression? _compression;
    private int _signalled;

    public ImapConnection(IMailTransport transport, ImapOptions options, TimeProvider clock, CancellationToken stopping)
    {
        _transport = transport;
        _options = options;
        _clock = clock;
        _stopping = stopping;
        _input = transport.Input;
        _output = transport.Output;
        Writer = new ImapWriter(FlushAsync);
        Writer.Use(_output);
        _deadline = new SessionDeadline(clock, Interrupt);
        _flushDeadline = new SessionDeadline(clock, InterruptFlush);
        _onStop = stopping.Register(static state => ((ImapConnection)state!).Interrupt(), this);
    }

    public ImapWriter Writer { get; }

    public TlsFacts? Tls => _transport.Tls;

    /// <summary>Where the client connects from; <see langword="null"/> where the transport has no IP address.</summary>
    public IPAddress? Address => (_transport.RemoteEndPoint as IPEndPoint)?.Address is { } address ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : null;

    public bool IsCompressed => _compression is not null;

    /// <summary>Whether the program is about to end.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Whether the time that was set has passed.</summary>
    public bool IsTimeOver => _deadline.IsOver;

    /// <summary>Whether somebody has called <see cref="Signal"/> since the last <see cref="TakeSignal"/>.</summary>
    public bool IsSignalled => Volatile.Read(ref _signalled) != 0;

    /// <summary>Wakes a session that waits for its client, from any thread: there is something to tell.</summary>
    public void Signal()
    {
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
            _input.CancelPendingRead();
    }

    public bool TakeSignal() => Interlocked.Exchange(ref _signalled, 0) != 0;

    /// <summary>How long the readings to come may take together.</summary>
    public void SetDeadline(TimeSpan patience) => _deadline.Set(patience);

    /// <summary>Waits for octets. What is written goes out first when there are none yet.</summary>
    /// <returns>A reading that <see cref="Consume"/> gives back; canceled when the session was woken, its time is up, or the program ends.</returns>
    /// <exception cref="ClientGoneException">The connection broke.</exception>
    public async ValueTask<ReadResult> ReadAsync()
    {
        try
        {
            var reading = _input.ReadAsync(CancellationToken.None);
            if (reading.IsCompleted)
            {
                await Writer.FlushBySizeAsync(CancellationToken.None);
            }
            else
            {
                await Writer.FlushAsync(CancellationToken.None);
                _compression?.Rest();
            }

            return await reading;
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw new ClientGoneException(e.Message);
        }
    }

    /// <param name="examined">Up to where it was looked at in vain; the next reading waits for more.</param>
    public void Consume(SequencePosition consumed, SequencePosition examined) => _input.AdvanceTo(consumed, examined);

    /// <summary>Throws away what the client has sent and nobody has read, before TLS begins (RFC 9051 §6.2.1).</summary>
    public void DiscardReceived() => _transport.DiscardReceived();

    /// <summary>Sends what is written and takes the server's part of a TLS handshake, in no more time than a transfer has.</summary>
    public async ValueTask UpgradeToTlsAsync(IServerTls tls)
    {
        // It runs before the client can begin, so that none has more time than this.
        using var timeout = new CancellationTokenSource(_options.TransferTimeout, _clock);
        await Writer.FlushAsync(CancellationToken.None);
        await _transport.UpgradeToTlsAsync(tls, timeout.Token);
        _input = _transport.Input;
        _output = _transport.Output;
        Writer.Use(_output);
    }

    /// <summary>Sends what is written as it is; from then on everything is compressed (RFC 4978).</summary>
    public async ValueTask CompressAsync(CancellationToken cancellationToken)
    {
        await Writer.FlushAsync(cancellationToken);
        var plain = _input;
        _compression = new ImapCompression(plain, _output);
        _input = _compression.Input;
        // A signal that came while nobody read would break the first reading of what is compressed; it is remembered beside.
        if (plain.TryRead(out var read))
            plain.AdvanceTo(read.Buffer.Start);
        _output = _compression.Output;
        Writer.Use(_output);
    }

    /// <summary>Sends what is left to say, and hears the client out for a moment.</summary>
    public async ValueTask FinishAsync()
    {
        _flushDeadline.Set(FarewellTimeout);
        await Writer.FlushAsync(CancellationToken.None);
        var drained = 0L;
        var isOver = false;
        while (!isOver && drained < MaxDrainedOctets && _input.TryRead(out var read))
        {
            drained += read.Buffer.Length;
            isOver = read.IsCompleted || read.Buffer.IsEmpty;
            _input.AdvanceTo(read.Buffer.End);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _onStop.DisposeAsync();
        await _deadline.DisposeAsync();
        await _flushDeadline.DisposeAsync();
        if (_compression is not null)
            await _compression.DisposeAsync();
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Writer.Settle();
        _flushDeadline.Set(_options.TransferTimeout);
        _flushing = true;
        try
        {
            while (true)
            {
                var flush = await _output.FlushAsync(cancellationToken);
                if (flush.IsCompleted || (flush.IsCanceled && _flushDeadline.IsOver))
                    throw new ClientGoneException("it reads nothing");
                if (!flush.IsCanceled)
                    break;
            }

            Writer.Flushed();
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw new ClientGoneException(e.Message);
        }
        finally
        {
            _flushing = false;
            _flushDeadline.Clear();
        }
    }

    private void Interrupt() => _input.CancelPendingRead();

    private void InterruptFlush()
    {
        if (_flushing)
            _output.CancelPendingFlush();
    }

    private static bool IsLoss(Exception e) => e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidDataException;
}
