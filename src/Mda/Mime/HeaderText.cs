using System.Buffers;

namespace MailSuite.Mda.Mime;

/// <summary>Reads the tokens of a structured field (RFC 5322 §3.2) from its raw octets, folded or not. Never throws, never goes back.</summary>
/// <remarks>Octets of more than seven bits are text like any other (RFC 6532); what is no token is left where it is.</remarks>
internal ref struct HeaderText(ReadOnlySpan<byte> text)
{
    private static readonly SearchValues<byte> Specials = SearchValues.Create(" \t\r\n()<>[]:;@\\,.\"\0"u8);

    private static readonly SearchValues<byte> MimeSpecials = SearchValues.Create(" \t\r\n()<>@,;:\\\"/[]?=\0"u8);

    private readonly ReadOnlySpan<byte> _text = text;

    internal int At { get; set; }

    internal readonly bool AtEnd => At >= _text.Length;

    /// <summary>0 at the end.</summary>
    internal readonly byte Next => At < _text.Length ? _text[At] : (byte)0;

    internal bool TryTake(byte octet)
    {
        if (AtEnd || _text[At] != octet)
            return false;
        At++;
        return true;
    }

    /// <summary>Skips blanks, line ends and comments (CFWS).</summary>
    /// <param name="comment">Takes the text of the last comment, where one is wanted.</param>
    /// <returns>Whether all comments were closed; an open one reaches to the end.</returns>
    internal bool SkipBlanks(OctetBuffer? comment = null)
    {
        while (At < _text.Length)
        {
            switch (_text[At])
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0:
                    At++;
                    break;
                case (byte)'(':
                    if (!SkipComment(comment))
                        return false;
                    break;
                default:
                    return true;
            }
        }

        return true;
    }

    /// <summary>An atom: what lies before the next special.</summary>
    internal bool TryAtom(OctetBuffer to) => TryToken(Specials, to);

    /// <summary>An atom with dots in it, as phrases have them (RFC 5322 §4.1, obs-phrase).</summary>
    internal bool TryDottedAtom(OctetBuffer to)
    {
        var start = At;
        while (TryToken(Specials, to) || Next == '.')
        {
            if (Next != '.')
                break;
            to.Append((byte)'.');
            At++;
        }

        return At > start;
    }

    /// <summary>A token of MIME (RFC 2045 §5.1).</summary>
    internal bool TryMimeToken(OctetBuffer to) => TryToken(MimeSpecials, to);

    /// <summary>A quoted string without its quotes; one that is not closed reaches to the end.</summary>
    /// <returns>Whether it was closed.</returns>
    internal bool TakeQuoted(OctetBuffer to)
    {
        At++;
        while (At < _text.Length)
        {
            var octet = _text[At++];
            if (octet == '"')
                return true;
            if (octet == '\\' && At < _text.Length)
                octet = _text[At++];
            if (octet is not ((byte)'\r' or (byte)'\n'))
                to.Append(octet);
        }

        return false;
    }

    /// <summary>Words, one blank between them (RFC 5322 §3.2.5); blanks after them are skipped too.</summary>
    /// <returns>Whether nothing in it was broken; none at all is no fault.</returns>
    internal bool TakePhrase(OctetBuffer to)
    {
        var start = to.Length;
        while (!AtEnd)
        {
            var before = to.Length;
            if (before > start)
                to.Append((byte)' ');
            if (Next == '"')
            {
                if (!TakeQuoted(to))
                    return false;
            }
            else if (!TryDottedAtom(to))
            {
                to.Truncate(before);
                return true;
            }

            if (!SkipBlanks())
                return false;
        }

        return true;
    }

    /// <summary>Skips to the end or to the next of some octets, wherever it stands.</summary>
    internal void SkipTo(SearchValues<byte> octets)
    {
        var distance = AtEnd ? -1 : _text[At..].IndexOfAny(octets);
        At = distance < 0 ? _text.Length : At + distance;
    }

    /// <summary>Everything before the next of some octets.</summary>
    internal void TakeUntil(SearchValues<byte> ends, OctetBuffer to)
    {
        var start = At;
        SkipTo(ends);
        to.Append(_text[start..At]);
    }

    /// <summary>Everything up to an octet that ends it, which is taken too; line ends are left out.</summary>
    internal bool TakeThrough(byte end, OctetBuffer to)
    {
        while (At < _text.Length)
        {
            var octet = _text[At++];
            if (octet is not ((byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t'))
                to.Append(octet);
            if (octet == end)
                return true;
        }

        return false;
    }

    private bool TryToken(SearchValues<byte> specials, OctetBuffer to)
    {
        if (AtEnd)
            return false;
        var length = _text[At..].IndexOfAny(specials);
        if (length < 0)
            length = _text.Length - At;
        to.Append(_text.Slice(At, length));
        At += length;
        return length > 0;
    }

    private bool SkipComment(OctetBuffer? comment)
    {
        comment?.Truncate(0);
        At++;
        for (var depth = 1; At < _text.Length;)
        {
            var octet = _text[At++];
            if (octet == ')' && --depth == 0)
                return true;
            if (octet == '(' && depth < MimeLimits.MaxCommentDepth)
                depth++;
            if (octet == '\\' && At < _text.Length)
                octet = _text[At++];
            if (octet is not ((byte)'\r' or (byte)'\n'))
                comment?.Append(octet);
        }

        return false;
    }
}
