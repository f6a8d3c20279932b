namespace MailSuite.Mda.Mime;

/// <summary>Goes through the fields of a header (RFC 5322 §2.2), whatever its octets are. No copy.</summary>
internal ref struct HeaderFields(ReadOnlySpan<byte> header)
{
    private readonly ReadOnlySpan<byte> _header = header;
    private int _at;

    /// <summary>Its lines with their line ends.</summary>
    internal ReadOnlySpan<byte> Field { get; private set; }

    /// <summary>Empty for a line that is no field.</summary>
    internal ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Where in the header lies what follows the colon, still folded, without blanks before it and without its last line end.</summary>
    internal Slice Value { get; private set; }

    /// <returns>Whether there was one more before the empty line.</returns>
    internal bool MoveNext()
    {
        var rest = _header[_at..];
        if (rest.IsEmpty || rest[0] == '\n' || rest.StartsWith("\r\n"u8))
            return false;

        var firstLine = LineEnd(rest, 0);
        var end = firstLine;
        while (end < rest.Length && rest[end] is (byte)' ' or (byte)'\t')
            end = LineEnd(rest, end);
        Field = rest[..end];

        var colon = rest[..firstLine].IndexOf((byte)':');
        if (colon < 0)
        {
            Name = default;
            Value = new Slice(_at, 0);
        }
        else
        {
            Name = rest[..colon].TrimEnd(" \t"u8);
            var start = colon + 1;
            while (end > start && rest[end - 1] is (byte)'\r' or (byte)'\n')
                end--;
            while (start < end && rest[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                start++;
            Value = new Slice(_at + start, end - start);
        }

        _at += Field.Length;
        return true;
    }

    private static int LineEnd(ReadOnlySpan<byte> text, int start)
    {
        var length = text[start..].IndexOf((byte)'\n');
        return length < 0 ? text.Length : start + length + 1;
    }
}
