using System.Buffers;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary>Turns what a program writes on standard input into lines that end with CRLF (RFC 5322 §2.1), whatever ended them before.</summary>
/// <remarks>LF, CRLF, and CRs before an LF end a line once; a CR alone ends one too, since it may not stay (RFC 5321 §2.3.8).</remarks>
/// <param name="dotEnds">Whether a line with a single dot ends the message.</param>
internal sealed class InputLines(bool dotEnds)
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private bool _atLineStart = true;
    private bool _heldDot;
    private int _heldCrs;

    /// <summary>Whether the line with the dot has come; what follows it is nobody's.</summary>
    public bool IsEnded { get; private set; }

    public void Convert(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        while (!input.IsEmpty && !IsEnded)
        {
            var octet = input[0];
            if (octet == (byte)'\r')
            {
                _heldCrs++;
                input = input[1..];
            }
            else if (octet == (byte)'\n')
            {
                _heldCrs = 0;
                EndLine(output);
                input = input[1..];
            }
            else
            {
                ReleaseCrs(output);
                if (!IsEnded)
                    input = input[Text(input, output)..];
            }
        }
    }

    /// <summary>The input is over: its last line ends too.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        ReleaseCrs(output);
        if (!IsEnded && (!_atLineStart || _heldDot))
            EndLine(output);
    }

    /// <returns>Octets used.</returns>
    private int Text(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (dotEnds && _atLineStart && input[0] == (byte)'.')
        {
            _atLineStart = false;
            _heldDot = true;
            return 1;
        }

        if (_heldDot)
        {
            output.Write("."u8);
            _heldDot = false;
        }

        _atLineStart = false;
        var end = input.IndexOfAny(LineEnds);
        var text = end < 0 ? input : input[..end];
        output.Write(text);
        return text.Length;
    }

    private void ReleaseCrs(IBufferWriter<byte> output)
    {
        for (; _heldCrs > 0 && !IsEnded; _heldCrs--)
            EndLine(output);
    }

    private void EndLine(IBufferWriter<byte> output)
    {
        if (_heldDot)
        {
            IsEnded = true;
            return;
        }

        output.Write("\r\n"u8);
        _atLineStart = true;
    }
}
