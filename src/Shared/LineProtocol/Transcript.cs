namespace MailSuite.Shared.LineProtocol;

/// <summary>One line of a dialogue as it is shown to people.</summary>
/// <param name="FromClient">Whether the client said it.</param>
/// <param name="Text">Without CRLF; secrets masked, long lines cut.</param>
public readonly record struct TranscriptLine(DateTimeOffset At, bool FromClient, string Text)
{
    public override string ToString() => (FromClient ? "C: " : "S: ") + Text;
}

/// <summary>Keeps the lines of a protocol session for its journey, so many and so long at most. Not thread-safe.</summary>
/// <remarks>
/// It masks what AUTH carries by itself (RFC 4954 §4); answers to a challenge carry no verb, so who reads them calls <see cref="Secret"/>.
/// Message content never enters it: the session says how many octets there were.
/// Thousands of idle sessions have one: what was said at once is one entry, and lines of a reply are kept as they are and not copied.
/// </remarks>
/// <param name="maxLines">Lines kept; later ones are counted and not kept.</param>
public sealed class Transcript(TimeProvider clock, int maxLines = Transcript.DefaultMaxLines)
{
    public const int DefaultMaxLines = 200;

    /// <summary>Characters of a line; the rest is replaced by an ellipsis.</summary>
    public const int MaxLineCharacters = 500;

    private const string Mask = "****";

    private readonly List<Entry> _entries = [];
    private int _left;

    /// <summary>The lines so far, in order, as a copy.</summary>
    public IReadOnlyList<TranscriptLine> ToList()
    {
        var lines = new List<TranscriptLine>(Count + 1);
        foreach (var entry in _entries)
        {
            if (entry.Text is string text)
                lines.Add(entry.Line(text));
            else
                lines.AddRange(((IReadOnlyList<string>)entry.Text).Select(entry.Line));
        }

        if (_left > 0)
            lines.Add(new TranscriptLine(clock.GetUtcNow(), false, $"({_left} more lines)"));
        return lines;
    }

    public void Client(string line) => Add(true, MaskAuth(line));

    public void Server(string line) => Add(false, line);

    /// <summary>A reply of several lines, which are never changed.</summary>
    public void Server(IReadOnlyList<string> lines)
    {
        if (lines.Count > 1 && Count + lines.Count <= maxLines)
        {
            Add(new Entry(clock.GetUtcNow(), false, lines), lines.Count);
            return;
        }

        for (var i = 0; i < lines.Count; i++)
            Server(lines[i]);
    }

    /// <summary>The client answered a challenge; what it answered is not kept.</summary>
    public void Secret() => Add(true, Mask);

    /// <summary>Something that is no line of the protocol, told in brackets: <c>(message, 5120 octets)</c>.</summary>
    public void Note(bool fromClient, string note) => Add(fromClient, $"({note})");

    /// <summary>Forgets all lines from a place on, as the next transaction of a session begins anew after what came before MAIL.</summary>
    /// <param name="lines">What <see cref="Count"/> was at that place.</param>
    public void CutTo(int lines)
    {
        while (Count > lines)
        {
            var last = _entries[^1];
            Count -= last.Text is string ? 1 : ((IReadOnlyList<string>)last.Text).Count;
            _entries.RemoveAt(_entries.Count - 1);
        }

        _left = 0;
    }

    /// <summary>How many lines there are, for <see cref="CutTo"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Hides the initial response of AUTH; the mechanism's name may be read.</summary>
    internal static string MaskAuth(string line)
    {
        const string Verb = "AUTH ";
        var text = line.TrimStart();
        if (!text.StartsWith(Verb, StringComparison.OrdinalIgnoreCase))
            return line;

        var mechanism = text.AsSpan(Verb.Length).TrimStart();
        var end = mechanism.IndexOf(' ');
        return end < 0 ? line : $"AUTH {mechanism[..end]} {Mask}";
    }

    private void Add(bool fromClient, string text)
    {
        if (Count >= maxLines)
        {
            _left++;
            return;
        }

        Add(new Entry(clock.GetUtcNow(), fromClient, Cut(text)), lines: 1);
    }

    private static string Cut(string text) => text.Length > MaxLineCharacters ? string.Concat(text.AsSpan(0, MaxLineCharacters), "…") : text;

    private void Add(Entry entry, int lines)
    {
        _entries.Add(entry);
        Count += lines;
    }

    /// <param name="When">Ticks in UTC, and in the lowest bit whether the client said it.</param>
    /// <param name="Text">A line, or a list of them.</param>
    private readonly record struct Entry(long When, object Text)
    {
        public Entry(DateTimeOffset at, bool fromClient, object text)
            : this((at.UtcTicks << 1) | (fromClient ? 1L : 0), text)
        {
        }

        public TranscriptLine Line(string text) =>
            new(new DateTimeOffset(When >> 1, TimeSpan.Zero), (When & 1) != 0, Cut(text));
    }
}
