using System.Buffers;

namespace MailSuite.Shared.LineProtocol;

/// <summary>Stuffs dots into a message on its way out and ends it (RFC 5321 §4.5.2). One object a message.</summary>
public sealed class DotEncoder
{
    private bool _lineStart = true;
    private byte _last;

    /// <summary>Writes the next octets of the message.</summary>
    public void Encode(ReadOnlySpan<byte> octets, IBufferWriter<byte> output)
    {
        while (!octets.IsEmpty)
        {
            if (_lineStart && octets[0] == '.')
                output.Write("."u8);

            // As far as the next line that begins with a dot, which in most messages there is not.
            var before = octets.IndexOf("\n."u8);
            var run = before < 0 ? octets : octets[..(before + 1)];
            output.Write(run);
            _last = run[^1];
            _lineStart = _last == '\n';
            octets = octets[run.Length..];
        }
    }

    /// <summary>Writes the end; a message without a last CRLF gets one, since the dot must stand on a line of its own.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        if (!_lineStart)
            output.Write(_last == '\r' ? "\n"u8 : "\r\n"u8);
        output.Write(".\r\n"u8);
    }
}
