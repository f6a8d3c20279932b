using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Listing;

/// <summary>What LIST was asked for (RFC 9051 §6.3.9, RFC 5258 §3, RFC 5819, RFC 6154 §2, RFC 8440, RFC 9590).</summary>
internal sealed record ListRequest
{
    /// <summary>Patterns of one LIST.</summary>
    internal const int MaxPatterns = 64;

    /// <summary>Entries of one RETURN (METADATA …).</summary>
    private const int MaxEntries = 64;

    public required string Reference { get; init; }

    /// <summary>Empty when no name can match.</summary>
    public required IReadOnlyList<MailboxPattern> Patterns { get; init; }

    /// <summary>Whether it is <c>LIST "" ""</c>, the question for the separator.</summary>
    public bool AsksSeparator { get; init; }

    /// <summary>Whether it has options or several patterns (RFC 5258 §3).</summary>
    public bool IsExtended { get; init; }

    public bool SelectSubscribed { get; init; }

    public bool SelectSpecialUse { get; init; }

    public bool RecursiveMatch { get; init; }

    public bool ReturnSubscribed { get; init; }

    public bool ReturnMyRights { get; init; }

    public StatusItems? ReturnStatus { get; init; }

    public IReadOnlyList<MetadataEntry> ReturnMetadata { get; init; } = [];

    public static bool TryParse(ImapParser parser, bool utf8, out ListRequest? request)
    {
        request = null;
        var asked = new ListRequest { Reference = string.Empty, Patterns = [] };
        if (parser.IsAt((byte)'(') && (!TrySelection(ref parser, ref asked) || !parser.TrySpace()))
            return false;
        if (!parser.TryMailbox(utf8, out var reference) || !parser.TrySpace())
            return false;

        asked = asked with { Reference = reference };
        if (!TryPatterns(ref parser, utf8, ref asked))
            return false;
        if (parser.TrySpace() && !(parser.TryWord("RETURN"u8) && parser.TrySpace() && TryReturn(ref parser, ref asked)))
            return false;
        request = asked;
        return parser.IsAtEnd;
    }

    /// <summary>The question of LSUB: a reference and one pattern (RFC 3501 §6.3.9).</summary>
    public static bool TryParseLsub(ImapParser parser, bool utf8, out ListRequest? request) =>
        TryParse(parser, utf8, out request) && !request!.IsExtended;

    private static bool TrySelection(ref ImapParser parser, ref ListRequest asked)
    {
        asked = asked with { IsExtended = true };
        parser.TryOpen();
        if (parser.TryClose())
            return true;

        do
        {
            if (parser.TryWord("SUBSCRIBED"u8))
                asked = asked with { SelectSubscribed = true, ReturnSubscribed = true };
            else if (parser.TryWord("SPECIAL-USE"u8))
                asked = asked with { SelectSpecialUse = true };
            else if (parser.TryWord("RECURSIVEMATCH"u8))
                asked = asked with { RecursiveMatch = true };
            else if (!parser.TryWord("REMOTE"u8))
                return false;
        }
        while (parser.TrySpace());

        // RFC 5258 §3.1: it says nothing without something to match.
        return parser.TryClose() && (!asked.RecursiveMatch || asked.SelectSubscribed || asked.SelectSpecialUse);
    }

    private static bool TryPatterns(ref ImapParser parser, bool utf8, ref ListRequest asked)
    {
        var patterns = new List<MailboxPattern>();
        if (parser.TryOpen())
        {
            var count = 0;
            do
            {
                if (++count > MaxPatterns || !parser.TryListMailbox(out var octets))
                    return false;
                Add(octets, utf8, asked.Reference, patterns);
            }
            while (parser.TrySpace());

            asked = asked with { IsExtended = true, Patterns = patterns };
            return parser.TryClose();
        }

        if (!parser.TryListMailbox(out var single))
            return false;
        Add(single, utf8, asked.Reference, patterns);
        asked = asked with { Patterns = patterns, AsksSeparator = single.IsEmpty };
        return true;
    }

    /// <summary>What is no name matches none.</summary>
    private static void Add(ReadOnlySpan<byte> octets, bool utf8, string reference, List<MailboxPattern> patterns)
    {
        if (MailboxNameText.TryDecode(octets, utf8, out var text) && MailboxPattern.Parse(reference + text) is { } pattern)
            patterns.Add(pattern);
    }

    private static bool TryReturn(ref ImapParser parser, ref ListRequest asked)
    {
        asked = asked with { IsExtended = true };
        if (!parser.TryOpen())
            return false;
        if (parser.TryClose())
            return true;

        do
        {
            if (parser.TryWord("SUBSCRIBED"u8))
                asked = asked with { ReturnSubscribed = true };
            else if (parser.TryWord("MYRIGHTS"u8))
                asked = asked with { ReturnMyRights = true };
            else if (parser.TryWord("STATUS"u8))
            {
                if (!parser.TrySpace() || !StatusItems.TryParse(ref parser, out var items))
                    return false;
                asked = asked with { ReturnStatus = items };
            }
            else if (parser.TryWord("METADATA"u8))
            {
                if (!parser.TrySpace() || !MetadataGrammar.TryEntries(ref parser, MaxEntries, out var entries))
                    return false;
                asked = asked with { ReturnMetadata = entries };
            }
            else if (!parser.TryWord("CHILDREN"u8) && !parser.TryWord("SPECIAL-USE"u8))
                return false;
        }
        while (parser.TrySpace());

        return parser.TryClose();
    }
}
