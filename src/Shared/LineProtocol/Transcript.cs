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
/// </remarks>
/// <param name="maxLines">Lines kept; later ones are counted and not kept.</param>
public sealed class Transcript(TimeProvider clock, int maxLines = Transcript.DefaultMaxLines)
{
    public const int DefaultMaxLines = 200;

    /// <summary>Characters of a line; the rest is replaced by an ellipsis.</summary>
    public const int MaxLineCharacters = 500;

    private const string Mask = "****";

    private readonly List<TranscriptLine> _lines = [];
    private int _left;

    /// <summary>The lines so far, in order, as a copy.</summary>
    public IReadOnlyList<TranscriptLine> ToList()
    {
        if (_left == 0)
            return [.. _lines];
        return [.. _lines, new TranscriptLine(clock.GetUtcNow(), false, $"({_left} more lines)")];
    }

    public void Client(string line) => Add(true, MaskAuth(line));

    public void Server(string line) => Add(false, line);

    /// <summary>The client answered a challenge; what it answered is not kept.</summary>
    public void Secret() => Add(true, Mask);

    /// <summary>Something that is no line of the protocol, told in brackets: <c>(message, 5120 octets)</c>.</summary>
    public void Note(bool fromClient, string note) => Add(fromClient, $"({note})");

    /// <summary>Forgets all lines from a place on, as the next transaction of a session begins anew after what came before MAIL.</summary>
    public void CutTo(int lines)
    {
        if (lines < _lines.Count)
            _lines.RemoveRange(lines, _lines.Count - lines);
        _left = 0;
    }

    /// <summary>How many lines there are, for <see cref="CutTo"/>.</summary>
    public int Count => _lines.Count;

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
        if (_lines.Count >= maxLines)
        {
            _left++;
            return;
        }

        var shown = text.Length > MaxLineCharacters ? string.Concat(text.AsSpan(0, MaxLineCharacters), "…") : text;
        _lines.Add(new TranscriptLine(clock.GetUtcNow(), fromClient, shown));
    }
}
