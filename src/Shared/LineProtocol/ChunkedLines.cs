using System.Buffers;

namespace MailSuite.Shared.LineProtocol;

/// <summary>Looks at the lines of a message that comes without dots, in chunks of a known size (RFC 3030 §2). One object a message.</summary>
/// <remarks>They have to end as those of DATA do: the message may go on by DATA, where a CR or LF of its own could be taken for a line end.</remarks>
/// <param name="maxLineOctets">Octets of a line with its CRLF (RFC 5321 §4.5.3.1.6).</param>
/// <param name="headerOnly">Whether what follows the header is no text (BODY=BINARYMIME, RFC 3030 §3), and is not looked at.</param>
public sealed class ChunkedLines(int maxLineOctets, bool headerOnly)
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private int _lineOctets;
    private bool _isOver;

    /// <summary>Whether the last octet was a CR whose LF is still to come; at the end of a message it has none.</summary>
    public bool EndInCr { get; private set; }

    /// <summary>Looks at what has arrived.</summary>
    /// <returns>Anything but <see cref="DotOutcome.More"/> is final.</returns>
    public DotOutcome Look(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty && !_isOver)
        {
            if (EndInCr)
            {
                if (octets[0] != '\n')
                    return DotOutcome.BareCr;
                EndInCr = false;
                _isOver = headerOnly && _lineOctets == 0;
                _lineOctets = 0;
                octets = octets[1..];
                continue;
            }

            var end = octets.IndexOfAny(LineEnds);
            _lineOctets += end < 0 ? octets.Length : end;
            if (_lineOctets > maxLineOctets - 2)
                return DotOutcome.LineTooLong;
            if (end < 0)
                return DotOutcome.More;
            if (octets[end] == '\n')
                return DotOutcome.BareLf;

            EndInCr = true;
            octets = octets[(end + 1)..];
        }

        return DotOutcome.More;
    }
}
