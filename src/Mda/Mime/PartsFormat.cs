using System.Text;

namespace MailSuite.Mda.Mime;

/// <summary>The index of a message in few octets: a version, a count, then numbers of seven bits an octet for each part.</summary>
internal static class PartsFormat
{
    private const byte Version = 1;

    /// <summary>Octets of the shortest part.</summary>
    private const int MinPartOctets = 8;

    /// <summary>What is said by a number. Never changed but by appending, else the version changes.</summary>
    private static readonly string[] Words =
    [
        "text/plain", "text/html", "multipart/alternative", "multipart/mixed", "multipart/related", "message/rfc822", "application/octet-stream", "application/pdf",
        "image/png", "image/jpeg", "image/gif", "multipart/signed", "multipart/report", "message/delivery-status", "text/calendar", "multipart/digest",
        "us-ascii", "utf-8", "iso-8859-1", "iso-8859-15", "windows-1252",
    ];

    internal static void Write(IReadOnlyList<MessagePart> parts, OctetBuffer to)
    {
        to.Append(Version);
        AppendNumber(to, parts.Count);
        var before = 0L;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            to.Append((byte)((byte)part.Kind << 4 | (byte)part.Encoding));
            AppendNumber(to, i - part.Parent - 1);
            AppendNumber(to, part.End - i - 1);
            AppendNumber(to, part.HeaderStart - before);
            AppendNumber(to, part.HeaderOctets);
            AppendNumber(to, part.BodyOctets);
            AppendNumber(to, part.BodyLines);
            AppendWord(to, part.MediaType);
            if (part.Kind == PartKind.Text)
                AppendWord(to, part.Charset ?? string.Empty);
            before = part.HeaderStart;
        }
    }

    internal static MessageIndex? TryRead(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty || octets[0] != Version)
            return null;
        octets = octets[1..];
        if (!TryNumber(ref octets, out var count) || count is < 1 or > MimeLimits.MaxParts || count * MinPartOctets > octets.Length)
            return null;

        var parts = new MessagePart[count];
        var before = 0L;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!TryRead(ref octets, i, before, out parts[i]) || parts[i].Parent >= i || parts[i].End > parts.Length || parts[i].Kind == PartKind.Message && parts[i].End < i + 2)
                return null;
            before = parts[i].HeaderStart;
        }

        return octets.IsEmpty ? new MessageIndex(parts) : null;
    }

    private static bool TryRead(ref ReadOnlySpan<byte> octets, int index, long before, out MessagePart part)
    {
        part = default;
        if (octets.IsEmpty)
            return false;
        var kind = (PartKind)(octets[0] >> 4);
        var encoding = (TransferEncoding)(octets[0] & 15);
        octets = octets[1..];
        if (kind > PartKind.Message || encoding > TransferEncoding.Unknown
            || !TryNumber(ref octets, out var up) || !TryNumber(ref octets, out var held) || !TryNumber(ref octets, out var start)
            || !TryNumber(ref octets, out var header) || !TryNumber(ref octets, out var body) || !TryNumber(ref octets, out var lines)
            || up > index || held > MimeLimits.MaxParts || !TryWord(ref octets, out var type))
        {
            return false;
        }

        var charset = string.Empty;
        if (kind == PartKind.Text && !TryWord(ref octets, out charset))
            return false;
        part = new MessagePart(
            index - 1 - (int)up, index + 1 + (int)held, kind, encoding, before + start, header, body, lines, type, charset.Length == 0 ? null : charset);
        return true;
    }

    private static void AppendNumber(OctetBuffer to, long number)
    {
        for (; number >= 0x80; number >>= 7)
            to.Append((byte)(number | 0x80));
        to.Append((byte)number);
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> octets, out long number)
    {
        number = 0;
        // Eight times seven bits: far more than a file can have, and no sum of two is negative.
        for (var i = 0; i < 8 && i < octets.Length; i++)
        {
            number |= (long)(octets[i] & 0x7F) << (7 * i);
            if (octets[i] < 0x80)
            {
                octets = octets[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    /// <summary>A known word by its number from 1, any other as 0, its length and its octets.</summary>
    private static void AppendWord(OctetBuffer to, string word)
    {
        var known = Array.IndexOf(Words, word);
        to.Append((byte)(known + 1));
        if (known >= 0)
            return;
        AppendNumber(to, Encoding.UTF8.GetByteCount(word));
        Encoding.UTF8.GetBytes(word, to);
    }

    private static bool TryWord(ref ReadOnlySpan<byte> octets, out string word)
    {
        word = string.Empty;
        if (octets.IsEmpty || octets[0] > Words.Length)
            return false;
        var known = octets[0];
        octets = octets[1..];
        if (known > 0)
        {
            word = Words[known - 1];
            return true;
        }

        if (!TryNumber(ref octets, out var length) || length > octets.Length)
            return false;
        word = Encoding.UTF8.GetString(octets[..(int)length]);
        octets = octets[(int)length..];
        return true;
    }
}
