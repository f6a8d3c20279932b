using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Unicode;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>Reads a command from its octets, from left to right (RFC 9051 §9).</summary>
/// <remarks>Pure: what a <c>Try…</c> does not find it does not consume, and no octets make it throw. What is found points into the octets wherever it can.</remarks>
internal ref partial struct ImapParser(ReadOnlySpan<byte> octets)
{
    /// <summary>RFC 9051 §9, ATOM-CHAR.</summary>
    private static readonly SearchValues<byte> AtomChars = SearchValues.Create("!#$&'+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[^_`abcdefghijklmnopqrstuvwxyz|}~"u8);

    /// <summary>ASTRING-CHAR: the same and <c>]</c>.</summary>
    private static readonly SearchValues<byte> AStringChars = SearchValues.Create("!#$&'+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz|}~"u8);

    /// <summary>list-char: the same and the wildcards.</summary>
    private static readonly SearchValues<byte> ListChars = SearchValues.Create("!#$%&'*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz|}~"u8);

    /// <summary>tag: the same as an astring, without <c>+</c>.</summary>
    private static readonly SearchValues<byte> TagChars = SearchValues.Create("!#$&',-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz|}~"u8);

    private static readonly SearchValues<byte> EndOfQuoted = SearchValues.Create("\"\\\r\n\0"u8);

    private readonly ReadOnlySpan<byte> _octets = octets;
    private int _at;

    /// <summary>Octets consumed.</summary>
    public readonly int Position => _at;

    public readonly bool IsAtEnd => _at >= _octets.Length;

    /// <summary>What is still to be read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _octets[_at..];

    /// <summary>Whether this octet comes next; it is not consumed.</summary>
    public readonly bool IsAt(byte octet) => _at < _octets.Length && _octets[_at] == octet;

    public bool TryOctet(byte octet)
    {
        if (!IsAt(octet))
            return false;
        _at++;
        return true;
    }

    /// <summary>One space, as the grammar has it everywhere.</summary>
    public bool TrySpace() => TryOctet((byte)' ');

    public bool TryOpen() => TryOctet((byte)'(');

    public bool TryClose() => TryOctet((byte)')');

    /// <summary>A word of the protocol, whole and without regard to case.</summary>
    /// <param name="word">In ASCII.</param>
    public bool TryWord(ReadOnlySpan<byte> word)
    {
        var rest = Rest;
        if (rest.Length < word.Length || !Ascii(rest[..word.Length], word) || (rest.Length > word.Length && AtomChars.Contains(rest[word.Length])))
            return false;
        _at += word.Length;
        return true;

        static bool Ascii(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => System.Text.Ascii.EqualsIgnoreCase(a, b);
    }

    public bool TryTag(out ReadOnlySpan<byte> tag) => TryChars(TagChars, out tag);

    public bool TryAtom(out ReadOnlySpan<byte> atom) => TryChars(AtomChars, out atom);

    /// <summary>An astring: an atom, which may have <c>]</c>, or a string.</summary>
    public bool TryAString(out ReadOnlySpan<byte> value) => TryString(out value) || TryChars(AStringChars, out value);

    /// <summary>A pattern of LIST: an astring that may have wildcards (list-mailbox).</summary>
    public bool TryListMailbox(out ReadOnlySpan<byte> value) => TryString(out value) || TryChars(ListChars, out value);

    /// <summary>A quoted string or a literal, without what surrounds it.</summary>
    public bool TryString(out ReadOnlySpan<byte> value) => TryQuoted(out value) || TryLiteral(out value);

    /// <summary>A string or NIL.</summary>
    public bool TryNString(out ReadOnlySpan<byte> value, out bool isNil)
    {
        isNil = false;
        if (TryString(out value))
            return true;
        return isNil = TryWord("NIL"u8);
    }

    public bool TryQuoted(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!IsAt((byte)'"'))
            return false;

        var inside = _octets[(_at + 1)..];
        var end = inside.IndexOfAny(EndOfQuoted);
        if (end < 0)
            return false;
        if (inside[end] == '"')
        {
            if (!Utf8.IsValid(inside[..end]))
                return false;
            value = inside[..end];
            _at += end + 2;
            return true;
        }

        return inside[end] == '\\' && TryEscaped(inside, end, out value);
    }

    /// <summary>A literal that has arrived with the command. NULs are for literal8 alone.</summary>
    public bool TryLiteral(out ReadOnlySpan<byte> value)
    {
        var start = _at;
        if (TryLiteral(out value, out var isBinary) && !isBinary && value.IndexOf((byte)0) < 0)
            return true;
        value = default;
        return Back(start);
    }

    /// <summary>A literal or a literal8 (RFC 9051 §4.3.1).</summary>
    public bool TryLiteral8(out ReadOnlySpan<byte> value) => TryLiteral(out value, out _);

    /// <summary>The announcement of a literal that has not arrived; it is the end of the command so far.</summary>
    public bool TryMessage(out LiteralHeader header)
    {
        var rest = Rest;
        if (!LiteralHeader.TryParseEnd(rest, out header) || header.HeaderOctets != rest.Length)
            return false;
        _at = _octets.Length;
        return true;
    }

    /// <summary>32 bits, 0 too.</summary>
    public bool TryNumber(out uint number)
    {
        var start = _at;
        number = 0;
        if (!TryNumber64(out var value) || value > uint.MaxValue)
            return Back(start);
        number = (uint)value;
        return true;
    }

    /// <summary>32 bits, not 0.</summary>
    public bool TryNonZeroNumber(out uint number)
    {
        var start = _at;
        return (TryNumber(out number) && number != 0) || Back(start);
    }

    /// <summary>63 bits, 0 too; as MODSEQ has them (RFC 7162 §7).</summary>
    public bool TryNumber64(out long number)
    {
        var rest = Rest;
        var end = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = end < 0 ? rest : rest[..end];
        number = 0;
        if (digits.IsEmpty || !Utf8Parser.TryParse(digits, out number, out var used) || used != digits.Length)
            return false;
        _at += used;
        return true;
    }

    public bool TrySequenceSet(out SequenceSet set)
    {
        var found = TryNumberSet(out var ranges, out var isSaved);
        set = new SequenceSet(ranges, isSaved);
        return found;
    }

    public bool TryUidSet(out UidSet set)
    {
        var found = TryNumberSet(out var ranges, out var isSaved);
        set = new UidSet(ranges, isSaved);
        return found;
    }

    private bool TryNumberSet(out ImmutableArray<NumberRange> ranges, out bool isSaved)
    {
        ranges = [];
        isSaved = TryOctet((byte)'$');
        if (isSaved)
            return true;

        var start = _at;
        var list = ImmutableArray.CreateBuilder<NumberRange>(1);
        do
        {
            if (!TrySetNumber(out var first))
                return Back(start);
            var last = first;
            if (TryOctet((byte)':') && !TrySetNumber(out last))
                return Back(start);
            list.Add(new NumberRange(first, last));
        }
        while (TryOctet((byte)','));

        ranges = list.DrainToImmutable();
        return true;
    }

    private bool TrySetNumber(out uint number)
    {
        number = 0;
        return TryOctet((byte)'*') || TryNonZeroNumber(out number);
    }

    private bool TryChars(SearchValues<byte> allowed, out ReadOnlySpan<byte> value)
    {
        var rest = Rest;
        var end = rest.IndexOfAnyExcept(allowed);
        value = end < 0 ? rest : rest[..end];
        _at += value.Length;
        return !value.IsEmpty;
    }

    private bool TryEscaped(ReadOnlySpan<byte> inside, int firstEscape, out ReadOnlySpan<byte> value)
    {
        value = default;
        var unescaped = new byte[inside.Length];
        inside[..firstEscape].CopyTo(unescaped);
        var to = firstEscape;
        for (var from = firstEscape; from < inside.Length; from++)
        {
            switch (inside[from])
            {
                case (byte)'"':
                    if (!Utf8.IsValid(unescaped.AsSpan(0, to)))
                        return false;
                    value = unescaped.AsSpan(0, to);
                    _at += from + 2;
                    return true;
                case (byte)'\\' when from + 1 < inside.Length && inside[from + 1] is (byte)'"' or (byte)'\\':
                    unescaped[to++] = inside[++from];
                    break;
                case (byte)'\\' or (byte)'\r' or (byte)'\n' or 0:
                    return false;
                default:
                    unescaped[to++] = inside[from];
                    break;
            }
        }

        return false;
    }

    private bool TryLiteral(out ReadOnlySpan<byte> value, out bool isBinary)
    {
        value = default;
        isBinary = false;
        var rest = Rest;
        if (rest.IsEmpty || rest[0] is not ((byte)'{' or (byte)'~'))
            return false;

        var lineEnd = rest.IndexOf("\r\n"u8);
        if (lineEnd < 0 || !LiteralHeader.TryParseEnd(rest[..lineEnd], out var header) || header.HeaderOctets != lineEnd || header.Octets > rest.Length - lineEnd - 2)
            return false;

        isBinary = header.IsBinary;
        value = rest.Slice(lineEnd + 2, (int)header.Octets);
        _at += lineEnd + 2 + value.Length;
        return true;
    }

    private bool Back(int start)
    {
        _at = start;
        return false;
    }
}
