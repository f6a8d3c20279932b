namespace MailSuite.Mda.Mime;

/// <summary>Takes a message apart in one pass over its octets, in as many blocks as they come (RFC 2046 §5.1).</summary>
/// <remarks>
/// Tolerant as Dovecot is: a delimiter is a line that begins with an open boundary, the longest that fits; one of an outer multipart ends the
/// inner ones; what is never closed reaches to the end; MIME-Version is not asked for; a line may end in a bare LF. Knows no limit but
/// <see cref="MimeLimits"/>, and never throws.
/// </remarks>
internal sealed class MessageScanner(MimeScratch scratch)
{
    private readonly List<ScannedPart> _parts = [];
    private readonly List<OpenBoundary> _boundaries = [];
    private readonly KnownField[] _fields = new KnownField[MimeLimits.MaxFields];

    private State _state = State.Header;
    private bool _atLineStart = true;
    private bool _inDelimiter;

    /// <summary>Of the block that is taken: where it begins in the message, and the line ends before it.</summary>
    private long _base;
    private long _lines;

    /// <summary>How long the last line end was.</summary>
    private int _lineEnd;

    private ScannedPart _open = new();

    private enum State
    {
        Header,

        /// <summary>Of a header that is too long, what is not looked at.</summary>
        RestOfHeader,

        Body,
    }

    internal IReadOnlyList<ScannedPart> Parts => _parts;

    internal MimeScratch Scratch => scratch;

    /// <summary>Begins a message that has a prefix of whole lines in front of it, which says nothing of its structure.</summary>
    internal void Begin(ReadOnlySpan<byte> prefix)
    {
        _base = prefix.Length;
        _lines = prefix.Count((byte)'\n');
        _open = Add(parent: -1, depth: 0, start: 0);
    }

    /// <summary>Takes octets of the message, the next ones.</summary>
    /// <returns>How many were taken. The others must come again at the start of the next block, with more: a block holds the header limit and a line.</returns>
    internal int Take(ReadOnlySpan<byte> block, bool last)
    {
        var at = 0;
        while (at < block.Length || last && _state != State.Body)
        {
            var taken = _state switch
            {
                _ when _inDelimiter => TakeRestOfDelimiter(block[at..], last),
                State.Header => TakeHeader(block[at..], last),
                State.RestOfHeader => TakeRestOfHeader(block[at..], last),
                _ => TakeBody(block[at..], last),
            };
            if (taken < 0)
                break;
            at += taken;
            _base += taken;
        }

        return at;
    }

    /// <summary>Ends the message: what is open reaches to here.</summary>
    internal void End()
    {
        for (var part = _open; ; part = _parts[part.Parent])
        {
            Close(part, _base, _lines);
            if (part.Parent < 0)
                return;
        }
    }

    /// <summary>What is left of a delimiter's line that is longer than a block.</summary>
    private int TakeRestOfDelimiter(ReadOnlySpan<byte> block, bool last)
    {
        var end = block.IndexOf((byte)'\n');
        var length = end >= 0 ? end + 1 : !last && block.EndsWith("\r"u8) ? block.Length - 1 : block.Length;
        if (length == 0 && !last)
            return -1;
        Remember(block[..length]);
        _lines += end < 0 ? 0 : 1;
        _inDelimiter = end < 0 && !last;
        if (_state == State.Header)
            _open.HeaderStart = _base + length;
        return length;
    }

    private int TakeHeader(ReadOnlySpan<byte> block, bool last)
    {
        var length = HeaderLength(block, last, out var lines);
        if (length < 0 && block.Length < MimeLimits.MaxHeaderOctets)
            return -1;

        var looked = length < 0 || length > MimeLimits.MaxHeaderOctets ? block[..(block[..MimeLimits.MaxHeaderOctets].LastIndexOf((byte)'\n') + 1)] : block[..length];
        ReadHeader(looked);
        if (looked.Length != length)
        {
            _state = State.RestOfHeader;
            // One line without an end fills the whole header.
            _atLineStart = !looked.IsEmpty;
            _lines += looked.Count((byte)'\n');
            Remember(looked);
            return looked.Length;
        }

        _lines += lines;
        Remember(looked);
        BeginBody(_base + length);
        return length;
    }

    /// <summary>The header with its empty line; up to a delimiter where there is none, up to the end of the message where there is no delimiter.</summary>
    /// <returns>-1 where the block does not tell.</returns>
    private int HeaderLength(ReadOnlySpan<byte> block, bool last, out int lines)
    {
        lines = 0;
        for (var at = 0; at < block.Length;)
        {
            var rest = block[at..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0 && !last || at > MimeLimits.MaxHeaderOctets)
                return -1;
            if (rest[0] == '-' && FindBoundary(end < 0 ? rest : rest[..end], out _, out _))
                return at;
            if (end < 0)
                break;
            lines++;
            if (end == 0 || end == 1 && rest[0] == '\r')
                return at + end + 1;
            at += end + 1;
        }

        return last ? block.Length : -1;
    }

    private int TakeRestOfHeader(ReadOnlySpan<byte> block, bool last)
    {
        var end = block.IndexOf((byte)'\n');
        if (_atLineStart)
        {
            if (end < 0 && !last && block.Length <= MimeLimits.MaxDelimiterOctets)
                return -1;
            if (block.StartsWith("--"u8) && FindBoundary(end < 0 ? block : block[..end], out _, out _))
            {
                BeginBody(_base);
                return 0;
            }

            if (end == 0 || end == 1 && block[0] == '\r')
            {
                _lines++;
                Remember(block[..(end + 1)]);
                BeginBody(_base + end + 1);
                return end + 1;
            }
        }

        if (end < 0)
        {
            if (last)
                BeginBody(_base + block.Length);
            _atLineStart = false;
            // A line end is not cut in two.
            var whole = !last && block[^1] == '\r' ? block.Length - 1 : block.Length;
            return whole == 0 && !last ? -1 : whole;
        }

        _lines++;
        Remember(block[..(end + 1)]);
        _atLineStart = true;
        return end + 1;
    }

    private int TakeBody(ReadOnlySpan<byte> block, bool last)
    {
        if (_boundaries.Count == 0)
        {
            _lines += block.Count((byte)'\n');
            return block.Length;
        }

        var at = 0;
        while (true)
        {
            if (_atLineStart)
            {
                var rest = block[at..];
                var end = rest.IndexOf((byte)'\n');
                // The start of a line that may still become a delimiter waits for more.
                if (end < 0 && !last && rest.Length <= MimeLimits.MaxDelimiterOctets && (rest.Length < 2 || rest.StartsWith("--"u8)))
                    return at > 0 ? at : -1;
                if (rest.StartsWith("--"u8) && FindBoundary(end < 0 ? rest : rest[..end], out var boundary, out var closing) && (closing || _parts.Count < MimeLimits.MaxParts))
                {
                    EndParts(boundary, _base + at);
                    _lines += end < 0 ? 0 : 1;
                    Remember(end < 0 ? rest : rest[..(end + 1)]);
                    at = end < 0 ? block.Length : at + end + 1;
                    _inDelimiter = end < 0 && !last;
                    Delimit(boundary, closing, _base + at);
                    return at;
                }
            }

            var next = block[at..].IndexOf("\n--"u8);
            var passed = next >= 0 ? next + 1 : last ? block.Length - at : WholeLength(block[at..]);
            Pass(block.Slice(at, passed));
            at += passed;
            if (passed == 0 || at == block.Length)
                return at > 0 ? at : -1;
        }
    }

    /// <summary>Octets without a delimiter, up to where a line end or the start of a delimiter may be cut in two.</summary>
    private static int WholeLength(ReadOnlySpan<byte> block)
    {
        if (block.EndsWith("\r"u8))
            return block.Length - 1;
        return block.EndsWith("\n-"u8) ? block.Length - 1 : block.Length;
    }

    /// <summary>Counts octets that belong to the open part, and remembers how they end.</summary>
    private void Pass(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return;
        _lines += octets.Count((byte)'\n');
        _atLineStart = octets[^1] == '\n';
        Remember(octets);
    }

    /// <summary>How long the line end is that these octets end in.</summary>
    private void Remember(ReadOnlySpan<byte> octets)
    {
        if (!octets.IsEmpty)
            _lineEnd = octets[^1] != '\n' ? 0 : octets.Length > 1 && octets[^2] == '\r' ? 2 : 1;
    }

    private void ReadHeader(ReadOnlySpan<byte> header)
    {
        var fields = KnownFields.Read(header, _fields);
        var parent = _open.Parent < 0 ? null : _parts[_open.Parent];
        var digest = parent is { Content: { Kind: PartKind.Multipart, MediaType: "multipart/digest" } };
        _open.Content = ContentFields.Read(fields, digest, whole: _open.Depth >= MimeLimits.MaxDepth || _parts.Count >= MimeLimits.MaxParts, scratch);
        if (parent is null || parent.Content.Kind == PartKind.Message)
        {
            var start = scratch.Fragments.Length;
            Envelope.Write(fields, scratch, scratch.Fragments);
            _open.Envelope = scratch.Fragments.Since(start);
        }
    }

    private void BeginBody(long start)
    {
        _open.BodyStart = start;
        _open.LinesBefore = _lines;
        _state = State.Body;
        _atLineStart = true;
        if (_open.Content.Kind == PartKind.Multipart && _open.Content.Boundary.Length > 0)
            _boundaries.Add(new OpenBoundary(_open.Content.Boundary, _open.Index));
        else if (_open.Content.Kind == PartKind.Message)
            Open(_open, start);
    }

    private bool FindBoundary(ReadOnlySpan<byte> line, out int found, out bool closing)
    {
        found = -1;
        closing = false;
        if (!line.StartsWith("--"u8))
            return false;
        line = line[2..Math.Min(line.Length, MimeLimits.MaxDelimiterOctets)];
        for (var i = _boundaries.Count - 1; i >= 0; i--)
        {
            var boundary = scratch.Fragments[_boundaries[i].Text];
            if (!line.StartsWith(boundary) || found >= 0 && boundary.Length <= _boundaries[found].Text.Length)
                continue;
            found = i;
            var rest = line[boundary.Length..];
            closing = rest.StartsWith("--"u8);
            // Nothing more than the boundary: no longer one can be meant.
            if ((closing ? rest[2..] : rest).Trim("\r \t"u8).IsEmpty)
                break;
        }

        return found >= 0;
    }

    /// <summary>Ends the parts within a multipart at a delimiter's line, whose line end before it belongs to it (RFC 2046 §5.1.1).</summary>
    private void EndParts(int boundary, long lineStart)
    {
        var holder = _boundaries[boundary].Part;
        for (; _open.Index != holder; _open = _parts[_open.Parent])
            Close(_open, lineStart - _lineEnd, _lines - (_lineEnd > 0 ? 1 : 0));
    }

    private void Delimit(int boundary, bool closing, long next)
    {
        var keep = closing ? boundary : boundary + 1;
        _boundaries.RemoveRange(keep, _boundaries.Count - keep);
        _atLineStart = true;
        if (!closing)
            Open(_open, next);
    }

    private void Open(ScannedPart parent, long start)
    {
        _open = Add(parent.Index, parent.Depth + 1, start);
        _state = State.Header;
    }

    private ScannedPart Add(int parent, int depth, long start)
    {
        var part = new ScannedPart { Index = _parts.Count, Parent = parent, Depth = depth, HeaderStart = start };
        _parts.Add(part);
        return part;
    }

    /// <summary>Where a delimiter follows the header at once, the line end before it, the header's last, belongs to the delimiter all the same.</summary>
    private void Close(ScannedPart part, long end, long lines)
    {
        if (end < part.BodyStart)
            part.BodyStart = Math.Max(part.HeaderStart, end);
        part.BodyOctets = Math.Max(0, end - part.BodyStart);
        part.BodyLines = Math.Max(0, lines - part.LinesBefore);
        part.End = _parts.Count;
    }

    private readonly record struct OpenBoundary(Slice Text, int Part);
}

/// <summary>A part while its message is read.</summary>
internal sealed class ScannedPart
{
    internal int Index { get; init; }

    internal int Parent { get; init; } = -1;

    internal int Depth { get; init; }

    internal int End { get; set; }

    internal long HeaderStart { get; set; }

    internal long BodyStart { get; set; }

    internal long BodyOctets { get; set; }

    internal long LinesBefore { get; set; }

    internal long BodyLines { get; set; }

    internal ContentFields Content { get; set; }

    /// <summary>In <see cref="MimeScratch.Fragments"/>; of a message, the whole one and encapsulated ones.</summary>
    internal Slice Envelope { get; set; }
}
