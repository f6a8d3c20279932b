using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using MailSuite.Mta.Metrics;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Smtp;

/// <summary>The octets of a session: lines in, replies out, each wait with an end. Knows no command and no state.</summary>
/// <remarks>
/// Replies are collected and go out together as soon as the session would have to wait for the client (RFC 2920 §3.2): a reading that is
/// done at once means that the client has pipelined.
/// </remarks>
internal sealed class SmtpConnection : IAsyncDisposable
{
    /// <summary>Octets of replies that are collected at most; a client that pipelines without end and reads nothing is stopped here.</summary>
    private const int MaxCollectedOctets = 16 * 1024;

    /// <summary>Octets that are read and thrown away after the last reply. Closing on unread octets would make TCP reset the connection and the reply be lost.</summary>
    private const int MaxDrainedOctets = 1024 * 1024;

    /// <summary>Octets of a response to a challenge with its CRLF (RFC 4954 §4).</summary>
    internal const int MaxResponseOctets = 12288;

    /// <summary>How long the last reply may take.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(5);

    private readonly IMailTransport _transport;
    private readonly MtaOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _stopping;
    private readonly LineReader _lines;
    private readonly SessionDeadline _deadline;
    private readonly CancellationTokenRegistration _onStop;
    private int _collected;
    private volatile bool _flushing;
    private bool _gone;

    public SmtpConnection(IMailTransport transport, MtaOptions options, TimeProvider clock, CancellationToken stopping)
    {
        _transport = transport;
        _options = options;
        _clock = clock;
        _stopping = stopping;
        _lines = new LineReader(transport, options.MaxCommandLineOctets);
        Transcript = new Transcript(clock);
        _deadline = new SessionDeadline(clock, Interrupt);
        _onStop = stopping.Register(static state => ((IMailTransport)state!).Input.CancelPendingRead(), transport);
    }

    public Transcript Transcript { get; }

    public TlsFacts? Tls => _transport.Tls;

    /// <summary>Tells that the program is about to end.</summary>
    public CancellationToken Stopping => _stopping;

    /// <summary>Whether the program is about to end.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Waits for a line.</summary>
    /// <returns><see cref="LineOutcome.Interrupted"/> means that the time is up, or that the program ends.</returns>
    public async ValueTask<LineRead> ReadLineAsync()
    {
        while (!_gone)
        {
            _deadline.Set(_options.CommandTimeout);
            var reading = _lines.ReadAsync(CancellationToken.None);
            if (!reading.IsCompleted || _collected > MaxCollectedOctets)
                await FlushAsync();

            var line = await reading;
            if (line.Outcome != LineOutcome.Interrupted || _deadline.IsOver || IsStopping)
                return line;
        }

        return new LineRead(LineOutcome.EndOfStream, default);
    }

    /// <summary>Waits for what answers a challenge of AUTH, which may be longer than a command and is never shown.</summary>
    public async ValueTask<LineRead> ReadResponseAsync()
    {
        _lines.MaxOctets = Math.Max(MaxResponseOctets, _options.MaxCommandLineOctets);
        var line = await ReadLineAsync();
        _lines.MaxOctets = _options.MaxCommandLineOctets;
        if (line.Outcome == LineOutcome.Line)
            Transcript.Secret();
        return line;
    }

    /// <summary>Waits for the next part of a message.</summary>
    /// <param name="patience">How long, before <see cref="IsTimeOver"/>.</param>
    /// <returns>What is there, with <see cref="Consume"/> to be told how much was used; <see langword="null"/> when the client is gone or the time is over.</returns>
    public async ValueTask<ReadOnlySequence<byte>?> ReadBlockAsync(TimeSpan patience)
    {
        _deadline.Set(patience);
        if (patience <= TimeSpan.Zero)
            return null;

        while (!_gone)
        {
            ReadResult read;
            try
            {
                var reading = _transport.Input.ReadAsync(CancellationToken.None);
                if (!reading.IsCompleted)
                    await FlushAsync();
                read = await reading;
            }
            catch (IOException)
            {
                break;
            }

            if (!read.Buffer.IsEmpty)
                return read.Buffer;

            _transport.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
            if (read.IsCanceled && _deadline.IsOver)
                return null;
        }

        _gone = true;
        return null;
    }

    /// <summary>Gives back a block. The patience for the next one begins here, so that it is running before the client can send on.</summary>
    public void Consume(SequencePosition upTo, TimeSpan patience)
    {
        _deadline.Set(patience);
        _transport.Input.AdvanceTo(upTo);
    }

    public bool IsTimeOver => _deadline.IsOver;

    /// <summary>Whether the client has said more than was read. It stays to be read.</summary>
    public bool HasUnread
    {
        get
        {
            if (_gone || !_transport.Input.TryRead(out var read))
                return false;

            var has = !read.Buffer.IsEmpty;
            _transport.Input.AdvanceTo(read.Buffer.Start);
            // That somebody interrupts is for who waits, not for who looks.
            if (read.IsCanceled)
                _transport.Input.CancelPendingRead();
            return has;
        }
    }

    /// <summary>Waits whether the client says something. It stays to be read.</summary>
    /// <returns>Whether it said nothing all the time, or went away.</returns>
    public async ValueTask<bool> StaysSilentAsync(TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
            return !HasUnread;

        _deadline.Set(wait);
        while (!_gone && !_deadline.IsOver && !IsStopping)
        {
            try
            {
                var read = await _transport.Input.ReadAsync(CancellationToken.None);
                var talks = !read.Buffer.IsEmpty;
                _transport.Input.AdvanceTo(read.Buffer.Start);
                _gone = read.IsCompleted && !talks;
                if (talks)
                    return false;
            }
            catch (IOException)
            {
                _gone = true;
            }
        }

        return true;
    }

    /// <summary>Says what is to be said and then nothing for a while, but not when the program ends.</summary>
    public async ValueTask PauseAsync(TimeSpan pause)
    {
        if (pause <= TimeSpan.Zero)
            return;

        await FlushAsync();
        _deadline.Clear();
        await Task.Delay(pause, _clock, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Puts a reply among those that go out next.</summary>
    public void Write(SmtpReply reply)
    {
        Transcript.Server(reply.Lines);
        MtaMeter.Replied(reply);

        if (_gone)
            return;
        _transport.Output.Write(reply.Octets.Span);
        _collected += reply.Octets.Length;
    }

    /// <summary>Sends what is left to say.</summary>
    public async ValueTask FinishAsync()
    {
        _deadline.Set(FarewellTimeout);
        await FlushAsync();
        var drained = 0L;
        while (!_gone && drained < MaxDrainedOctets && _transport.Input.TryRead(out var read))
        {
            drained += read.Buffer.Length;
            _transport.Input.AdvanceTo(read.Buffer.End);
            _gone = read.IsCompleted || read.Buffer.IsEmpty;
        }
    }

    public void DiscardReceived() => _transport.DiscardReceived();

    /// <summary>Sends what is collected and takes the server's part of a TLS handshake, in no more time than a command has.</summary>
    public async ValueTask UpgradeToTlsAsync(IServerTls tls)
    {
        // It runs before the client can begin, so that none has more time than this.
        using var timeout = new CancellationTokenSource(_options.CommandTimeout, _clock);
        await FlushAsync();
        _deadline.Clear();
        await _transport.UpgradeToTlsAsync(tls, timeout.Token);
        Transcript.Note(fromClient: false, $"{Tls!.Protocol}, {Tls.CipherSuite}");
    }

    /// <summary>Sends what is collected and leaves the transport to somebody else; for this session the client is gone.</summary>
    public async ValueTask<IMailTransport> HandOverAsync()
    {
        await FlushAsync();
        _deadline.Clear();
        await _onStop.DisposeAsync();
        _gone = true;
        return _transport;
    }

    /// <summary>The connection is of no more use; nothing is sent or read any more.</summary>
    public void Abandon() => _gone = true;

    public async ValueTask DisposeAsync()
    {
        await _onStop.DisposeAsync();
        await _deadline.DisposeAsync();
    }

    private async ValueTask FlushAsync()
    {
        if (_collected == 0 || _gone)
            return;

        _collected = 0;
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

    /// <summary>The client takes no replies any more; a reading that is under way must end too.</summary>
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
