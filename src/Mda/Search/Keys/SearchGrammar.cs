using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Search.Text;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Search.Keys;

/// <summary>Reads the criteria of SEARCH, SORT and THREAD (RFC 9051 §9, search-program; extensions at their keys). Pure.</summary>
internal struct SearchGrammar
{
    /// <summary>Lists, ORs and NOTs in one another at most. Far above what programs and people write.</summary>
    internal const int MaxDepth = 50;

    /// <summary>Keys of a command at most.</summary>
    internal const int MaxKeys = 1000;

    /// <summary>The longest name is SAVEDATESUPPORTED.</summary>
    private const int MaxNameLength = 17;

    /// <summary>The response code for <see cref="SearchRefusal.Charset"/> (RFC 9051 §7.1).</summary>
    internal const string CharsetCode = "BADCHARSET (US-ASCII UTF-8)";

    private int _keys;
    private bool _usesModSeq;
    private bool _usesSequence;
    private SearchRefusal _refusal;

    /// <summary>A charset and criteria up to the end of the command.</summary>
    /// <param name="charsetIsRequired">SORT and THREAD name it always (RFC 5256 §5).</param>
    internal static SearchRefusal TryRead(ref ImapParser parser, bool charsetIsRequired, out SearchProgram program)
    {
        program = SearchProgram.Nothing;
        if (charsetIsRequired || parser.TryWord("CHARSET"u8))
        {
            if (!charsetIsRequired && !parser.TrySpace() || !parser.TryAString(out var charset) || !parser.TrySpace())
                return SearchRefusal.Syntax;
            if (!Ascii.EqualsIgnoreCase(charset, "UTF-8"u8) && !Ascii.EqualsIgnoreCase(charset, "US-ASCII"u8))
                return SearchRefusal.Charset;
        }

        var grammar = default(SearchGrammar);
        if (!grammar.TryKeys(ref parser, 0, out var criterion) || !parser.IsAtEnd)
            return grammar._refusal == SearchRefusal.None ? SearchRefusal.Syntax : grammar._refusal;

        program = new SearchProgram(criterion, grammar._usesModSeq, grammar._usesSequence);
        return SearchRefusal.None;
    }

    private bool TryKeys(ref ImapParser parser, int depth, out SearchCriterion criterion)
    {
        criterion = SearchCriterion.Nothing;
        var all = ImmutableArray.CreateBuilder<SearchCriterion>(1);
        do
        {
            if (!TryKey(ref parser, depth, out var key))
                return false;
            all.Add(key);
        }
        while (parser.TrySpace());

        criterion = all.Count == 1 ? all[0] : new SearchCriterion.All(all.DrainToImmutable());
        return true;
    }

    private bool TryKey(ref ImapParser parser, int depth, out SearchCriterion criterion)
    {
        criterion = SearchCriterion.Nothing;
        if (depth > MaxDepth || ++_keys > MaxKeys)
        {
            _refusal = SearchRefusal.TooMuch;
            return false;
        }

        if (parser.TryOpen())
            return TryKeys(ref parser, depth + 1, out criterion) && parser.TryClose();

        if (!parser.IsAtEnd && parser.Rest[0] is (>= (byte)'0' and <= (byte)'9') or (byte)'*' or (byte)'$')
        {
            if (!parser.TrySequenceSet(out var set))
                return false;
            // $ stands for messages however they are numbered (RFC 5182 §2.1).
            _usesSequence |= !set.IsSaved;
            criterion = new SearchCriterion.Sequence(set);
            return true;
        }

        if (!parser.TryAtom(out var name) || name.Length > MaxNameLength)
            return false;
        Span<char> upper = stackalloc char[MaxNameLength];
        Ascii.ToUpper(name, upper, out var length);
        return TryNamed(ref parser, depth, upper[..length], out criterion);
    }

    private bool TryNamed(ref ImapParser parser, int depth, scoped ReadOnlySpan<char> name, out SearchCriterion criterion)
    {
        switch (name)
        {
            case "ALL":
            // We have no \Recent: every message is old (RFC 9051 appendix E).
            case "OLD":
            // RFC 8514 §4.3: every mailbox has save dates.
            case "SAVEDATESUPPORTED":
                criterion = SearchCriterion.Everything;
                return true;
            case "RECENT" or "NEW":
                criterion = SearchCriterion.Nothing;
                return true;
            case "ANSWERED" or "DELETED" or "DRAFT" or "FLAGGED" or "SEEN":
                criterion = new SearchCriterion.Flag(FlagOf(name));
                return true;
            case "UNANSWERED" or "UNDELETED" or "UNDRAFT" or "UNFLAGGED" or "UNSEEN":
                criterion = new SearchCriterion.Not(new SearchCriterion.Flag(FlagOf(name[2..])));
                return true;
            case "KEYWORD":
                return TryKeyword(ref parser, out criterion);
            case "UNKEYWORD":
                var hasKeyword = TryKeyword(ref parser, out criterion);
                criterion = new SearchCriterion.Not(criterion);
                return hasKeyword;
            case "NOT":
                criterion = SearchCriterion.Nothing;
                if (!parser.TrySpace() || !TryKey(ref parser, depth + 1, out var negated))
                    return false;
                criterion = new SearchCriterion.Not(negated);
                return true;
            case "OR":
                criterion = SearchCriterion.Nothing;
                if (!parser.TrySpace() || !TryKey(ref parser, depth + 1, out var one) || !parser.TrySpace() || !TryKey(ref parser, depth + 1, out var other))
                    return false;
                criterion = new SearchCriterion.Or(one, other);
                return true;
            case "UID":
                criterion = SearchCriterion.Nothing;
                if (!parser.TrySpace() || !parser.TryUidSet(out var uids))
                    return false;
                criterion = new SearchCriterion.Uids(uids);
                return true;
            case "BCC" or "CC" or "FROM" or "SUBJECT" or "TO":
                criterion = SearchCriterion.Nothing;
                if (!TryNeedle(ref parser, out var value))
                    return false;
                criterion = new SearchCriterion.Header(Encoding.ASCII.GetBytes(name.ToString()), value);
                return true;
            case "HEADER":
                criterion = SearchCriterion.Nothing;
                if (!TryNeedle(ref parser, out var field) || !TryNeedle(ref parser, out value))
                    return false;
                criterion = new SearchCriterion.Header(field, value);
                return true;
            case "BODY":
                criterion = SearchCriterion.Nothing;
                if (!TryNeedle(ref parser, out value))
                    return false;
                criterion = new SearchCriterion.Body(value);
                return true;
            case "TEXT":
                criterion = SearchCriterion.Nothing;
                if (!TryNeedle(ref parser, out value))
                    return false;
                criterion = new SearchCriterion.Text(value);
                return true;
            case "LARGER" or "SMALLER":
                criterion = SearchCriterion.Nothing;
                if (!parser.TrySpace() || !parser.TryNumber64(out var octets))
                    return false;
                criterion = name is "LARGER" ? new SearchCriterion.Larger(octets) : new SearchCriterion.Smaller(octets);
                return true;
            case "OLDER" or "YOUNGER":
                criterion = SearchCriterion.Nothing;
                if (!parser.TrySpace() || !parser.TryNonZeroNumber(out var seconds))
                    return false;
                criterion = new SearchCriterion.Age(name is "YOUNGER", seconds);
                return true;
            case "MODSEQ":
                return TryModSeq(ref parser, out criterion);
            case "EMAILID" or "THREADID":
                return TryObjectId(ref parser, name, out criterion);
            default:
                return TryDay(ref parser, name, out criterion);
        }
    }

    /// <summary>BEFORE, ON and SINCE, with SENT or SAVED (RFC 8514) before them.</summary>
    private static bool TryDay(ref ImapParser parser, scoped ReadOnlySpan<char> name, out SearchCriterion criterion)
    {
        criterion = SearchCriterion.Nothing;
        var which = name.StartsWith("SENT", StringComparison.Ordinal) ? SearchDate.Sent : name.StartsWith("SAVED", StringComparison.Ordinal) ? SearchDate.Saved : SearchDate.Internal;
        var relation = name[(which == SearchDate.Sent ? 4 : which == SearchDate.Saved ? 5 : 0)..];
        if (relation is not ("BEFORE" or "ON" or "SINCE") || !parser.TrySpace() || !parser.TryDate(out var day))
            return false;

        var next = day == DateOnly.MaxValue ? day : day.AddDays(1);
        criterion = relation switch
        {
            "BEFORE" => new SearchCriterion.Day(which, DateOnly.MinValue, day),
            "ON" => new SearchCriterion.Day(which, day, next),
            _ => new SearchCriterion.Day(which, day, DateOnly.MaxValue),
        };
        return true;
    }

    /// <summary>RFC 7162 §3.1.5: the name of an entry may stand before the number. We keep one MODSEQ for all of a message, so it tells nothing more.</summary>
    private bool TryModSeq(ref ImapParser parser, out SearchCriterion criterion)
    {
        criterion = SearchCriterion.Nothing;
        if (!parser.TrySpace())
            return false;
        if (parser.TryQuoted(out var entry))
        {
            if (!Ascii.EqualsIgnoreCase(entry[..Math.Min(7, entry.Length)], "/flags/"u8)
                || !parser.TrySpace() || !parser.TryWord("all"u8) && !parser.TryWord("priv"u8) && !parser.TryWord("shared"u8) || !parser.TrySpace())
            {
                return false;
            }
        }

        if (!parser.TryNumber64(out var value))
            return false;
        _usesModSeq = true;
        criterion = new SearchCriterion.ModSeq(value);
        return true;
    }

    private static bool TryObjectId(ref ImapParser parser, scoped ReadOnlySpan<char> name, out SearchCriterion criterion)
    {
        criterion = SearchCriterion.Nothing;
        if (!parser.TrySpace() || !parser.TryAString(out var id) || id.IsEmpty || id.Length > 255)
            return false;
        var prefix = name is "EMAILID" ? (byte)'M' : (byte)'T';
        var number = id[0] == prefix && Utf8Parser.TryParse(id[1..], out long value, out var used) && used == id.Length - 1 && value > 0 ? value : 0;
        criterion = name is "EMAILID" ? new SearchCriterion.EmailId(number) : new SearchCriterion.ThreadId(number);
        return true;
    }

    private static bool TryKeyword(ref ImapParser parser, out SearchCriterion criterion)
    {
        criterion = SearchCriterion.Nothing;
        if (!parser.TrySpace() || !parser.TryAtom(out var keyword))
            return false;
        criterion = ImapFlags.TryParse(keyword, out var flag) ? new SearchCriterion.Flag(flag) : new SearchCriterion.Keyword(Encoding.ASCII.GetString(keyword));
        return true;
    }

    private static bool TryNeedle(ref ImapParser parser, out ReadOnlyMemory<byte> needle)
    {
        needle = default;
        if (!parser.TrySpace() || !parser.TryAString(out var text) || !System.Text.Unicode.Utf8.IsValid(text))
            return false;
        needle = FoldedText.Needle(Encoding.UTF8.GetString(text));
        return true;
    }

    private static MessageFlags FlagOf(scoped ReadOnlySpan<char> name) => name switch
    {
        "ANSWERED" => MessageFlags.Answered,
        "DELETED" => MessageFlags.Deleted,
        "DRAFT" => MessageFlags.Draft,
        "FLAGGED" => MessageFlags.Flagged,
        _ => MessageFlags.Seen,
    };
}

internal enum SearchRefusal
{
    None,
    Syntax,

    /// <summary>A charset that we do not search in.</summary>
    Charset,

    /// <summary>More keys, or deeper in one another, than the limits.</summary>
    TooMuch,
}
