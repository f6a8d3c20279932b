using System.Buffers;
using System.IO.Pipelines;
using System.Numerics;
using System.Text;

namespace MailSuite.Shared.LineProtocol;

/// <summary>Reads lines that end with CRLF and nothing else, none longer than a limit (RFC 5321 §2.3.8, §4.5.3.1.4).</summary>
/// <param name="maxOctets">Octets of a line with its CRLF. The buffer is cut to it before the line end is looked for, so a long line
/// is refused whether it comes at once or an octet at a time.</param>
public sealed class LineReader(IMailTransport transport, int maxOctets)
{
    /// <summary>Room for the commands of most sessions, which most of the time are idle.</summary>
    private const int LeastOctets = 128;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] _line = [];

    /// <summary>The limit for the next line; a session changes it where the protocol does.</summary>
    public int MaxOctets { get; set; } = maxOctets;

    /// <summary>Waits for the next line.</summary>
    /// <returns>Its octets are valid until the next call. After anything but a line the caller ends the session or reads on, as it likes;
    /// what was wrong has been consumed.</returns>
    public async ValueTask<LineRead> ReadAsync(CancellationToken cancellationToken)
    {
        var input = transport.Input;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                return new LineRead(LineOutcome.EndOfStream, default);
            }

            var buffer = read.Buffer;
            if (TryTake(buffer, out var consumed, out var line))
            {
                input.AdvanceTo(consumed);
                return line;
            }

            if (read.IsCompleted)
            {
                input.AdvanceTo(buffer.End);
                return new LineRead(LineOutcome.EndOfStream, default);
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCanceled)
                return new LineRead(LineOutcome.Interrupted, default);
        }
    }

    private bool TryTake(ReadOnlySequence<byte> buffer, out SequencePosition consumed, out LineRead line)
    {
        var window = buffer.Length > MaxOctets ? buffer.Slice(0, MaxOctets) : buffer;
        if (window.PositionOf((byte)'\n') is { } lineFeed)
        {
            consumed = buffer.GetPosition(1, lineFeed);
            line = Copy(window.Slice(0, lineFeed));
            return true;
        }

        consumed = window.End;
        line = new LineRead(LineOutcome.TooLong, default);
        return window.Length >= MaxOctets;
    }

    private LineRead Copy(ReadOnlySequence<byte> octets)
    {
        var length = (int)octets.Length;
        if (length > _line.Length)
            _line = new byte[Math.Min(MaxOctets, Math.Max(LeastOctets, (int)BitOperations.RoundUpToPowerOf2((uint)length)))];

        octets.CopyTo(_line);
        var line = _line.AsMemory(0, length);
        if (line.Span.IndexOf((byte)'\r') != length - 1 || length == 0)
            return new LineRead(LineOutcome.BareLineEnding, default);

        return new LineRead(LineOutcome.Line, line[..^1]);
    }

    /// <summary>Decodes a line strictly: what is not UTF-8 is no text (RFC 6531 §3.3).</summary>
    public static bool TryDecode(ReadOnlySpan<byte> octets, out string text)
    {
        try
        {
            text = StrictUtf8.GetString(octets);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}

/// <param name="Octets">The line without its CRLF; empty unless <paramref name="Outcome"/> is <see cref="LineOutcome.Line"/>.</param>
public readonly record struct LineRead(LineOutcome Outcome, ReadOnlyMemory<byte> Octets);

public enum LineOutcome
{
    Line,

    /// <summary>The limit was reached without a line end.</summary>
    TooLong,

    /// <summary>A CR or an LF stood alone. Never taken for a line end: that is how mail is smuggled.</summary>
    BareLineEnding,

    /// <summary>Somebody called <see cref="PipeReader.CancelPendingRead"/>: time is up, or the program ends.</summary>
    Interrupted,

    /// <summary>The other side has closed or is gone; part of a line is dropped.</summary>
    EndOfStream,
}
