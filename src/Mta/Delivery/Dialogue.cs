using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using MailSuite.Mta.Smtp;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Delivery;

/// <summary>Commands out, replies in, each within its time and size, all of it in a transcript. Knows no command.</summary>
/// <remarks>Everything that ends the dialogue is a <see cref="DialogueBrokenException"/>; only the caller's own cancellation is another.</remarks>
internal sealed class Dialogue : IAsyncDisposable
{
    private const string Masked = "****";

    private readonly IMailTransport _transport;
    private readonly DeliveryLimits _limits;
    private readonly TimeProvider _clock;
    private readonly LineReader _lines;
    private readonly SessionDeadline _deadline;
    private readonly List<string> _secrets = [];

    public Dialogue(IMailTransport transport, DeliveryLimits limits, TimeProvider clock)
    {
        _transport = transport;
        _limits = limits;
        _clock = clock;
        _lines = new LineReader(transport, limits.MaxReplyLineOctets);
        _deadline = new SessionDeadline(clock, Interrupt);
        Transcript = new Transcript(clock);
    }

    public IMailTransport Transport => _transport;

    public Transcript Transcript { get; private set; }

    /// <summary>Whether something has come that nobody has waited for yet.</summary>
    public bool HasUnread
    {
        get
        {
            if (!_transport.Input.TryRead(out var read))
                return false;
            _transport.Input.AdvanceTo(read.Buffer.Start);
            return !read.Buffer.IsEmpty;
        }
    }

    /// <summary>Begins a new transcript: the next message shows only its own part.</summary>
    public void TurnPage(string note)
    {
        Transcript = new Transcript(_clock);
        Transcript.Note(fromClient: true, note);
    }

    /// <summary>Puts a command into the output; it goes out with the next <see cref="FlushAsync"/>.</summary>
    public void Write(string command)
    {
        Transcript.Client(command);
        Put(command);
    }

    /// <summary>Puts a line into the output that nobody may see.</summary>
    public void WriteSecret(string line)
    {
        Transcript.Secret();
        Put(line);
    }

    /// <summary>From now on this text is masked where the host repeats it.</summary>
    public void Conceal(string secret)
    {
        if (secret.Length > 0)
            _secrets.Add(secret);
    }

    /// <summary>Sends what has been written.</summary>
    public ValueTask FlushAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            // Nearly always the system has room for it.
            var flush = _transport.Output.FlushAsync(CancellationToken.None);
            if (!flush.IsCompletedSuccessfully)
                return new(WaitForAsync(flush, timeout, cancellationToken));
            return flush.Result.IsCompleted ? ValueTask.FromException(Broken(null)) : ValueTask.CompletedTask;
        }
        catch (Exception e) when (IsBreak(e))
        {
            return ValueTask.FromException(Broken(e));
        }
    }

    /// <summary>Sends one command and waits for its reply.</summary>
    public async Task<RemoteReply> AskAsync(string command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Write(command);
        await FlushAsync(timeout, cancellationToken);
        return await ReadReplyAsync(timeout, cancellationToken);
    }

    /// <summary>Waits for a whole reply (RFC 5321 §4.2.1).</summary>
    /// <param name="timeout">For all its lines together, so that a line a minute does not hold us for ever.</param>
    public async Task<RemoteReply> ReadReplyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _deadline.Set(timeout);
        try
        {
            await using var registration = cancellationToken.UnsafeRegister(static dialogue => ((Dialogue)dialogue!).Interrupt(), this);
            return await ReadLinesAsync(timeout, cancellationToken);
        }
        catch (Exception e) when (IsBreak(e))
        {
            throw Broken(e);
        }
        finally
        {
            _deadline.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _deadline.DisposeAsync();
        await _transport.DisposeAsync();
    }

    private static bool IsBreak(Exception e) => e is IOException or SocketException or ObjectDisposedException;

    private static DialogueBrokenException Broken(Exception? e) => new(StatusCodes.ConnectionDropped, "The connection broke.", e);

    private static DialogueBrokenException Late(string complaint, TimeSpan timeout) => new(StatusCodes.ConnectionDropped, $"{complaint} within {timeout}.");

    private void Put(string line)
    {
        var output = _transport.Output;
        Encoding.UTF8.GetBytes(line, output);
        output.Write("\r\n"u8);
    }

    /// <summary>Wakes the reader, which then asks why.</summary>
    private void Interrupt() => _transport.Input.CancelPendingRead();

    private async Task WaitForAsync(ValueTask<FlushResult> flush, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, _clock);
        await using var late = timer.Token.UnsafeRegister(static output => ((PipeWriter)output!).CancelPendingFlush(), _transport.Output);
        await using var ended = cancellationToken.UnsafeRegister(static output => ((PipeWriter)output!).CancelPendingFlush(), _transport.Output);
        try
        {
            var flushed = await flush;
            cancellationToken.ThrowIfCancellationRequested();
            if (flushed.IsCanceled)
                throw Late("It took no more octets", timeout);
            if (flushed.IsCompleted)
                throw Broken(null);
        }
        catch (Exception e) when (IsBreak(e))
        {
            throw Broken(e);
        }
    }

    private async ValueTask<RemoteReply> ReadLinesAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        string[] texts = [];
        var code = 0;
        while (true)
        {
            var read = await _lines.ReadAsync(CancellationToken.None);
            if (read.Outcome == LineOutcome.Interrupted)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_deadline.IsOver)
                    throw Late("It did not answer", timeout);
                continue;
            }

            var line = Decode(read);
            Transcript.Server(line);
            if (!RemoteReply.TryReadLine(line, out var lineCode, out var last, out var text) || (texts.Length > 0 && lineCode != code))
                throw new DialogueBrokenException(StatusCodes.ProtocolTemporary, $"It sent what is no reply of SMTP: '{line}'.");

            code = lineCode;
            texts = texts.Length == 0 ? [text] : [.. texts, text];
            if (last)
                return new RemoteReply(code, texts);
            if (texts.Length >= _limits.MaxReplyLines)
                throw new DialogueBrokenException(StatusCodes.ProtocolTemporary, $"It sent a reply of more than {_limits.MaxReplyLines} lines.");
        }
    }

    /// <summary>The code stays; a challenge is for the exchange to read, and is masked where it is shown.</summary>
    private string Mask(string line)
    {
        const int CodeLength = 4;
        if (line.Length <= CodeLength || line.StartsWith("334", StringComparison.Ordinal))
            return line;

        var text = line[CodeLength..];
        foreach (var secret in _secrets)
            text = text.Replace(secret, Masked, StringComparison.Ordinal);
        return line[..CodeLength] + text;
    }

    private string Decode(LineRead read)
    {
        switch (read.Outcome)
        {
            case LineOutcome.Line:
                // Replies are shown to people, so what could move their terminal does not get through.
                var line = string.Create(read.Octets.Length == 0 ? 0 : Encoding.UTF8.GetCharCount(read.Octets.Span), read.Octets, static (target, octets) =>
                {
                    Encoding.UTF8.GetChars(octets.Span, target);
                    foreach (ref var c in target)
                    {
                        if (char.IsControl(c))
                            c = '?';
                    }
                });
                return _secrets.Count == 0 ? line : Mask(line);
            case LineOutcome.TooLong:
                throw new DialogueBrokenException(StatusCodes.ProtocolTemporary, "It sent a line that is too long for a reply.");
            case LineOutcome.BareLineEnding:
                throw new DialogueBrokenException(StatusCodes.ProtocolTemporary, "It ended a line with something else than CRLF.");
            default:
                throw new DialogueBrokenException(StatusCodes.ConnectionDropped, "It closed the connection.");
        }
    }
}
