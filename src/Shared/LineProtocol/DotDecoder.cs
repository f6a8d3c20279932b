using System.Buffers;

namespace MailSuite.Shared.LineProtocol;

/// <summary>Takes the dot-stuffing off a message while it arrives and finds its end (RFC 5321 §4.5.2). One object a message.</summary>
/// <param name="maxLineOctets">Octets of a line with its CRLF (RFC 5321 §4.5.3.1.6).</param>
public sealed class DotDecoder(int maxLineOctets)
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private State _state = State.LineStart;
    private int _lineOctets;

    private enum State
    {
        LineStart,

        /// <summary>A dot began the line: it is either the end or stuffing.</summary>
        Dot,

        /// <summary>A dot and a CR: only an LF may follow.</summary>
        DotCr,

        InLine,

        /// <summary>A CR within the message: only an LF may follow.</summary>
        Cr,
    }

    /// <summary>Decodes what has arrived.</summary>
    /// <param name="output">Gets the message's octets; <see langword="null"/> to look for the end only, of a message that is refused already.</param>
    /// <param name="consumed">Octets of <paramref name="input"/> that belong to the message; what follows is the next command.</param>
    /// <returns>Anything but <see cref="DotOutcome.More"/> is final.</returns>
    public DotOutcome Decode(ReadOnlySpan<byte> input, IBufferWriter<byte>? output, out int consumed)
    {
        var at = 0;
        var run = 0; // the octets from here to 'at' belong to the message and are not written yet
        var outcome = DotOutcome.More;
        while (at < input.Length && outcome == DotOutcome.More)
        {
            var octet = input[at];
            switch (_state)
            {
                case State.LineStart when octet == '.':
                    Write(input[run..at], output);
                    run = ++at;
                    _state = State.Dot;
                    break;
                case State.LineStart:
                    _state = State.InLine;
                    break;
                case State.Dot when octet == '\r':
                    _state = State.DotCr;
                    at++;
                    break;
                case State.Dot:
                    _state = State.InLine;
                    break;
                case State.DotCr when octet == '\n':
                    run = ++at;
                    outcome = DotOutcome.End;
                    break;
                case State.Cr when octet == '\n':
                    at++;
                    _lineOctets = 0;
                    _state = State.LineStart;
                    break;
                case State.DotCr or State.Cr:
                    outcome = DotOutcome.BareCr;
                    break;
                default:
                    outcome = TakeLine(input, ref at);
                    break;
            }
        }

        // In the state DotCr the CR is the end's, not the message's.
        if (outcome == DotOutcome.More && _state != State.DotCr)
            Write(input[run..at], output);
        consumed = at;
        return outcome;
    }

    private DotOutcome TakeLine(ReadOnlySpan<byte> input, ref int at)
    {
        var rest = input[at..];
        var end = rest.IndexOfAny(LineEnds);
        var octets = end < 0 ? rest.Length : end;
        _lineOctets += octets;
        if (_lineOctets > maxLineOctets - 2)
            return DotOutcome.LineTooLong;

        at += octets;
        if (end < 0)
            return DotOutcome.More;
        if (input[at] == '\n')
            return DotOutcome.BareLf;

        at++;
        _state = State.Cr;
        return DotOutcome.More;
    }

    private static void Write(ReadOnlySpan<byte> octets, IBufferWriter<byte>? output)
    {
        if (output is not null && !octets.IsEmpty)
            output.Write(octets);
    }
}

public enum DotOutcome
{
    /// <summary>The message goes on.</summary>
    More,

    /// <summary>CRLF, dot, CRLF: the message is whole.</summary>
    End,

    /// <summary>A CR without LF: refused, never repaired (RFC 5321 §2.3.8).</summary>
    BareCr,

    /// <summary>An LF without CR: refused, never repaired, since another server could take it for the end of the message.</summary>
    BareLf,

    LineTooLong,
}
