using System.Buffers;

namespace MailSuite.Mda.Mime;

/// <summary>Takes the encoding off a body, in as many pieces as it comes. Any octets decode to something, never to more octets than there were.</summary>
/// <remarks>
/// Base64 (RFC 2045 §6.8): octets that are not of its alphabet are passed over, padding ends a group and what follows begins a new one.
/// Quoted-printable (§6.7): an equals sign that begins nothing is text, as that section advises.
/// </remarks>
internal struct ContentDecoder(TransferEncoding encoding)
{
    /// <summary>Blanks that may turn out to be the end of a line, and are no text then.</summary>
    private const int MaxBlanks = 1000;

    private const byte NotInAlphabet = 0xFF;

    private const byte Padding = 0xFE;

    private static readonly byte[] Alphabet = MakeAlphabet();

    private static readonly SearchValues<byte> QuotedSpecials = SearchValues.Create("= \t"u8);

    private int _bits;
    private int _count;

    /// <summary>Whether there is a way to decode it; else UNKNOWN-CTE (RFC 9051 §7.1).</summary>
    internal static bool Knows(TransferEncoding encoding) => encoding != TransferEncoding.Unknown;

    /// <param name="target">As long as <paramref name="source"/> at least.</param>
    /// <param name="last">Whether nothing follows.</param>
    /// <param name="consumed">Octets that need not come again; fewer than all where a few at the end tell nothing yet.</param>
    /// <returns>Octets written.</returns>
    internal int Decode(ReadOnlySpan<byte> source, Span<byte> target, bool last, out int consumed)
    {
        switch (encoding)
        {
            case TransferEncoding.Base64:
                consumed = source.Length;
                return DecodeBase64(source, target, last);
            case TransferEncoding.QuotedPrintable:
                return DecodeQuotedPrintable(source, target, last, out consumed);
            default:
                source.CopyTo(target);
                consumed = source.Length;
                return source.Length;
        }
    }

    private int DecodeBase64(ReadOnlySpan<byte> source, Span<byte> target, bool last)
    {
        var written = 0;
        foreach (var octet in source)
        {
            var value = Alphabet[octet];
            if (value < 64)
            {
                _bits = _bits << 6 | value;
                if (++_count == 4)
                {
                    target[written] = (byte)(_bits >> 16);
                    target[written + 1] = (byte)(_bits >> 8);
                    target[written + 2] = (byte)_bits;
                    written += 3;
                    _bits = _count = 0;
                }
            }
            else if (value == Padding)
            {
                written += EndGroup(target[written..]);
            }
        }

        // Its end is the end of a group, with padding or without.
        return last ? written + EndGroup(target[written..]) : written;
    }

    /// <summary>Two digits are one octet, three are two, one is none.</summary>
    private int EndGroup(Span<byte> target)
    {
        var octets = Math.Max(0, _count - 1);
        if (_count == 2)
            target[0] = (byte)(_bits >> 4);
        if (_count == 3)
        {
            target[0] = (byte)(_bits >> 10);
            target[1] = (byte)(_bits >> 2);
        }

        _bits = _count = 0;
        return octets;
    }

    private static int DecodeQuotedPrintable(ReadOnlySpan<byte> source, Span<byte> target, bool last, out int consumed)
    {
        var written = 0;
        for (var at = 0; ;)
        {
            var special = source[at..].IndexOfAny(QuotedSpecials);
            var text = source.Slice(at, special < 0 ? source.Length - at : special);
            text.CopyTo(target[written..]);
            written += text.Length;
            at += text.Length;
            if (special < 0)
            {
                consumed = at;
                return written;
            }

            var rest = source[at..];
            var taken = rest[0] == '=' ? TakeEscape(rest, target[written..], last, out var made) : TakeBlanks(rest, target[written..], last, out made);
            if (taken == 0)
            {
                consumed = at;
                return written;
            }

            at += taken;
            written += made;
        }
    }

    /// <returns>Octets taken; 0 where more must come.</returns>
    private static int TakeEscape(ReadOnlySpan<byte> source, Span<byte> target, bool last, out int made)
    {
        made = 0;
        if (source.Length >= 3 && char.IsAsciiHexDigit((char)source[1]) && char.IsAsciiHexDigit((char)source[2]))
        {
            target[0] = (byte)(HexValue(source[1]) << 4 | HexValue(source[2]));
            made = 1;
            return 3;
        }

        // A soft line end; blanks may have got in between.
        var blanks = CountBlanks(source[1..]);
        var end = source[(1 + blanks)..];
        if (end is [(byte)'\n', ..])
            return blanks + 2;
        if (end is [(byte)'\r', (byte)'\n', ..])
            return blanks + 3;
        if (!last && source.Length <= MaxBlanks && (end.IsEmpty || end is [(byte)'\r'] || source.Length < 3))
            return 0;
        // An equals sign that ends the body ends its last line, softly.
        if (end.IsEmpty)
            return source.Length;
        target[0] = (byte)'=';
        made = 1;
        return 1;
    }

    /// <summary>Blanks are text, but at the end of a line (RFC 2045 §6.7, rule 3).</summary>
    private static int TakeBlanks(ReadOnlySpan<byte> source, Span<byte> target, bool last, out int made)
    {
        made = 0;
        var blanks = CountBlanks(source);
        var end = source[blanks..];
        if (!last && blanks <= MaxBlanks && (end.IsEmpty || end is [(byte)'\r']))
            return 0;
        if (end.IsEmpty || end[0] == '\n' || end.StartsWith("\r\n"u8))
            return blanks;
        source[..blanks].CopyTo(target);
        made = blanks;
        return blanks;
    }

    private static int CountBlanks(ReadOnlySpan<byte> source)
    {
        var text = source.IndexOfAnyExcept((byte)' ', (byte)'\t');
        return text < 0 ? source.Length : text;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static byte[] MakeAlphabet()
    {
        var alphabet = new byte[256];
        Array.Fill(alphabet, NotInAlphabet);
        var digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;
        for (var i = 0; i < digits.Length; i++)
            alphabet[digits[i]] = (byte)i;
        alphabet['='] = Padding;
        return alphabet;
    }
}
