using System.Buffers;
using System.Net.Sockets;
using System.Text;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Delivery;

/// <summary>Commands out, replies in, each within its time and size, all of it in a transcript. Knows no command.</summary>
/// <remarks>Everything that ends the dialogue is a <see cref="DialogueBrokenException"/>; only the caller's own cancellation is another.</remarks>
internal sealed class Dialogue(IMailTransport transport, DeliveryLimits limits, TimeProvider clock)
{
    private readonly LineReader _lines = new(transport, limits.MaxReplyLineOctets);

    public IMailTransport Transport => transport;

    public Transcript Transcript { get; } = new(clock);

    /// <summary>Puts a command into the output; it goes out with the next <see cref="FlushAsync"/>.</summary>
    public void Write(string command)
    {
        Transcript.Client(command);
        var output = transport.Output;
        Encoding.UTF8.GetBytes(command, output);
        output.Write("\r\n"u8);
    }

    /// <summary>Sends what has been written.</summary>
    public Task FlushAsync(TimeSpan timeout, CancellationToken cancellationToken) => WithinAsync(
        timeout, "It took no more octets", async token =>
        {
            var flushed = await transport.Output.FlushAsync(token);
            if (flushed.IsCompleted)
                throw new IOException("The connection is closed.");
            return true;
        }, cancellationToken);

    /// <summary>Sends one command and waits for its reply.</summary>
    public async Task<RemoteReply> AskAsync(string command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Write(command);
        await FlushAsync(timeout, cancellationToken);
        return await ReadReplyAsync(timeout, cancellationToken);
    }

    /// <summary>Waits for a whole reply (RFC 5321 §4.2.1).</summary>
    /// <param name="timeout">For all its lines together, so that a line a minute does not hold us for ever.</param>
    public Task<RemoteReply> ReadReplyAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        WithinAsync(timeout, "It did not answer", ReadReplyAsync, cancellationToken);

    private async Task<RemoteReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        var code = 0;
        while (true)
        {
            var line = Decode(await _lines.ReadAsync(cancellationToken));
            Transcript.Server(line);
            if (!RemoteReply.TryReadLine(line, out var lineCode, out var last, out var text) || (texts.Count > 0 && lineCode != code))
                throw new DialogueBrokenException(StatusCodes.ProtocolTemporary, $"It sent what is no reply of SMTP: '{line}'.");

            code = lineCode;
            texts.Add(text);
            if (last)
                return new RemoteReply(code, texts);
            if (texts.Count >= limits.MaxReplyLines)
                throw new DialogueBrokenException(StatusCodes.ProtocolTemporary, $"It sent a reply of more than {limits.MaxReplyLines} lines.");
        }
    }

    private static string Decode(LineRead read)
    {
        switch (read.Outcome)
        {
            case LineOutcome.Line:
                // Replies are shown to people, so what could move their terminal does not get through.
                return string.Create(read.Octets.Length == 0 ? 0 : Encoding.UTF8.GetCharCount(read.Octets.Span), read.Octets, static (target, octets) =>
                {
                    Encoding.UTF8.GetChars(octets.Span, target);
                    foreach (ref var c in target)
                    {
                        if (char.IsControl(c))
                            c = '?';
                    }
                });
            case LineOutcome.TooLong:
                throw new DialogueBrokenException(StatusCodes.ProtocolTemporary, "It sent a line that is too long for a reply.");
            case LineOutcome.BareLineEnding:
                throw new DialogueBrokenException(StatusCodes.ProtocolTemporary, "It ended a line with something else than CRLF.");
            default:
                throw new DialogueBrokenException(StatusCodes.ConnectionDropped, "It closed the connection.");
        }
    }

    private async Task<T> WithinAsync<T>(TimeSpan timeout, string complaint, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DialogueBrokenException(StatusCodes.ConnectionDropped, $"{complaint} within {timeout}.", e);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            throw new DialogueBrokenException(StatusCodes.ConnectionDropped, "The connection broke.", e);
        }
    }
}
