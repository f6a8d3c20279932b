using System.Buffers;
using System.Net.Sockets;
using MailSuite.Mda.Metrics;
using MailSuite.Mda.Pop3.Replies;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mda.Pop3;

/// <summary>The octets of a session: lines in, responses out, each wait with an end. Knows no command and no state.</summary>
/// <remarks>
/// Responses are collected and go out together as soon as the session would have to wait for the client: a reading that is done at once
/// means that the client has pipelined (RFC 2449 §6.6).
/// </remarks>
internal sealed class Pop3Connection : IAsyncDisposable
{
    /// <summary>Octets that are collected at most before they are sent.</summary>
    private const int MaxCollectedOctets = 32 * 1024;

    /// <summary>Octets that are read and thrown away after the last response. Closing on unread octets would make TCP reset the connection and the response be lost.</summary>
    private const int MaxDrainedOctets = 64 * 1024;

    /// <summary>Octets of an answer to a challenge with its CRLF (RFC 4954 §4 has the number).</summary>
    internal const int MaxAnswerOctets = 12288;

    /// <summary>How long the last response may take.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(5);

    private readonly IMailTransport _transport;
    private readonly Pop3Options _options;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _stopping;
    private readonly LineReader _lines;
    private readonly SessionDeadline _deadline;
    private readonly CancellationTokenRegistration _onStop;
    private long _collected;
    private volatile bool _flushing;
    private bool _gone;

    public Pop3Connection(IMailTransport transport, Pop3Options options, TimeProvider clock, CancellationToken stopping)
    {
        _transport = transport;
        _options = options;
        _clock = clock;
        _stopping = stopping;
        _lines = new LineReader(transport, options.MaxCommandLineOctets);
        _deadline = new SessionDeadline(clock, Interrupt);
        _onStop = stopping.Register(static state => ((IMailTransport)state!).Input.CancelPendingRead(), transport);
    }

    public TlsFacts? Tls => _transport.Tls;

    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Where what is to be sent is written; who writes counts it by <see cref="Wrote"/>.</summary>
    public IBufferWriter<byte> Output => _transport.Output;

    /// <summary>Waits for a line.</summary>
    /// <returns><see cref="LineOutcome.Interrupted"/> means that the time is up, or that the program ends.</returns>
    public async ValueTask<LineRead> ReadLineAsync(TimeSpan patience)
    {
        while (!_gone)
        {
            _deadline.Set(patience);
            var reading = _lines.ReadAsync(CancellationToken.None);
            if (!reading.IsCompleted || _collected > MaxCollectedOctets)
                await FlushAsync(patience);

            var line = await reading;
            if (line.Outcome != LineOutcome.Interrupted || _deadline.IsOver || IsStopping)
                return line;
        }

        return new LineRead(LineOutcome.EndOfStream, default);
    }

    /// <summary>Waits for what answers a challenge of AUTH, which may be longer than a command.</summary>
    public async ValueTask<LineRead> ReadAnswerAsync()
    {
        _lines.MaxOctets = Math.Max(MaxAnswerOctets, _options.MaxCommandLineOctets);
        var line = await ReadLineAsync(_options.AuthenticationTimeout);
        _lines.MaxOctets = _options.MaxCommandLineOctets;
        return line;
    }

    public void Write(Pop3Reply reply)
    {
        Pop3Meter.Responded(reply);
        Write(reply.Octets.Span);
    }

    public void Write(ReadOnlySpan<byte> octets)
    {
        if (_gone)
            return;

        _transport.Output.Write(octets);
        Wrote(octets.Length);
    }

    /// <summary>Counts octets that were written to <see cref="Output"/>.</summary>
    public void Wrote(int octets) => _collected += octets;

    /// <summary>Sends what is collected when that has become much, at the pace of the client.</summary>
    /// <returns>Whether the client is still there.</returns>
    public async ValueTask<bool> MakeRoomAsync()
    {
        if (_collected > MaxCollectedOctets)
            await FlushAsync(_options.CommandTimeout);
        return !_gone;
    }

    /// <summary>Sends what is left to say.</summary>
    public async ValueTask FinishAsync()
    {
        await FlushAsync(FarewellTimeout);
        var drained = 0L;
        while (!_gone && drained < MaxDrainedOctets && _transport.Input.TryRead(out var read))
        {
            drained += read.Buffer.Length;
            _transport.Input.AdvanceTo(read.Buffer.End);
            _gone = read.IsCompleted || read.Buffer.IsEmpty;
        }
    }

    public void DiscardReceived() => _transport.DiscardReceived();

    /// <summary>Sends what is collected and takes the server's part of a TLS handshake, in no more time than a stranger's command has.</summary>
    public async ValueTask UpgradeToTlsAsync(IServerTls tls)
    {
        // It runs before the client can begin, so that none has more time than this.
        using var timeout = new CancellationTokenSource(_options.AuthenticationTimeout, _clock);
        await FlushAsync(_options.AuthenticationTimeout);
        _deadline.Clear();
        await _transport.UpgradeToTlsAsync(tls, timeout.Token);
    }

    /// <summary>The connection is of no more use; nothing is sent or read any more.</summary>
    public void Abandon() => _gone = true;

    public async ValueTask DisposeAsync()
    {
        await _onStop.DisposeAsync();
        await _deadline.DisposeAsync();
    }

    private async ValueTask FlushAsync(TimeSpan patience)
    {
        if (_collected == 0 || _gone)
            return;

        _collected = 0;
        _deadline.Set(patience);
        _flushing = true;
        try
        {
            while (true)
            {
                var flush = await _transport.Output.FlushAsync(CancellationToken.None);
                if (flush.IsCompleted || (flush.IsCanceled && _deadline.IsOver))
                    Lose();
                if (!flush.IsCanceled || _gone)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            Lose();
        }
        finally
        {
            _flushing = false;
        }
    }

    /// <summary>The client takes no responses any more; a reading that is under way must end too.</summary>
    private void Lose()
    {
        _gone = true;
        _transport.Input.CancelPendingRead();
    }

    private void Interrupt()
    {
        _transport.Input.CancelPendingRead();
        if (_flushing)
            _transport.Output.CancelPendingFlush();
    }
}
