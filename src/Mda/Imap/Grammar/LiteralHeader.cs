using System.Buffers.Text;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>The announcement of a literal (RFC 9051 §4.3, RFC 7888).</summary>
/// <param name="Octets">As announced; what is larger than any limit stands for itself.</param>
/// <param name="IsSynchronizing">Whether the client waits to be asked for it.</param>
/// <param name="IsBinary">Whether it is a literal8, which may have NULs (RFC 9051 §4.3.1).</param>
/// <param name="HeaderOctets">Octets of the announcement itself, without CRLF.</param>
internal readonly record struct LiteralHeader(long Octets, bool IsSynchronizing, bool IsBinary, int HeaderOctets)
{
    /// <summary>Whether a line, given without its CRLF, ends with an announcement.</summary>
    public static bool TryParseEnd(ReadOnlySpan<byte> line, out LiteralHeader header)
    {
        header = default;
        if (line.IsEmpty || line[^1] != '}')
            return false;

        var open = line.LastIndexOf((byte)'{');
        if (open < 0)
            return false;

        var inside = line[(open + 1)..^1];
        var waits = inside.IsEmpty || inside[^1] != '+';
        if (!waits)
            inside = inside[..^1];
        if (inside.IsEmpty || inside.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
            return false;

        // A number that no long can hold is too large for any limit.
        var octets = Utf8Parser.TryParse(inside, out long value, out var used) && used == inside.Length ? value : long.MaxValue;
        var binary = open > 0 && line[open - 1] == '~';
        header = new LiteralHeader(octets, waits, binary, line.Length - open + (binary ? 1 : 0));
        return true;
    }
}
