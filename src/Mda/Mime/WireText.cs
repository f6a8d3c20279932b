using System.Buffers;

namespace MailSuite.Mda.Mime;

/// <summary>Strings as they go over the wire (RFC 9051 §4.3), for what is written once and sent many times.</summary>
internal static class WireText
{
    /// <summary>What a quoted string cannot hold for every client: NUL, CR, LF and octets of more than seven bits (RFC 3501 §9, quoted).</summary>
    private static readonly SearchValues<byte> NotQuotable = SearchValues.Create([0, (byte)'\r', (byte)'\n', .. Enumerable.Range(128, 128).Select(octet => (byte)octet)]);

    private static readonly SearchValues<byte> Escaped = SearchValues.Create("\"\\"u8);

    /// <summary>A string, quoted where that can be, else a literal. NUL, which no literal can hold, is left out.</summary>
    internal static void AppendString(OctetBuffer wire, ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny(NotQuotable))
        {
            AppendLiteral(wire, text);
            return;
        }

        wire.Append((byte)'"');
        for (var special = text.IndexOfAny(Escaped); special >= 0; special = text.IndexOfAny(Escaped))
        {
            wire.Append(text[..special]);
            wire.Append((byte)'\\');
            wire.Append(text[special]);
            text = text[(special + 1)..];
        }

        wire.Append(text);
        wire.Append((byte)'"');
    }

    private static void AppendLiteral(OctetBuffer wire, ReadOnlySpan<byte> text)
    {
        wire.Append((byte)'{');
        wire.AppendNumber(text.Length - text.Count((byte)0));
        wire.Append("}\r\n"u8);
        for (var nul = text.IndexOf((byte)0); nul >= 0; nul = text.IndexOf((byte)0))
        {
            wire.Append(text[..nul]);
            text = text[(nul + 1)..];
        }

        wire.Append(text);
    }
}
