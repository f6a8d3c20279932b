using System.Text;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Incoming;

/// <summary>What comes next in the messages of APPEND and REPLACE.</summary>
internal enum AppendStep
{
    Invalid,

    /// <summary>The text ends with the announcement of a message, whole.</summary>
    Message,

    /// <summary>…of a part of a message.</summary>
    Text,

    /// <summary>…of a URL.</summary>
    UrlLiteral,

    /// <summary><see cref="AppendGrammar.Url"/> is a part of the message.</summary>
    Url,

    /// <summary>All parts of a message have been told.</summary>
    EndOfMessage,

    End,
}

/// <summary>
/// The messages of APPEND as they come: flags, a date, then a literal, or <c>UTF8 (literal8)</c> (RFC 6855 §4), or <c>CATENATE (parts)</c>
/// (RFC 4469 §5); again for each message (RFC 3502). Pure: it is given the text between the literals and says what is next.
/// </summary>
/// <param name="single">Whether there is exactly one message, as in REPLACE.</param>
internal sealed class AppendGrammar(bool single)
{
    private Place _place = Place.Message;
    private bool _any;

    private enum Place
    {
        Message,
        AfterMessage,
        Utf8Close,
        Part,
        AfterPart,
        Ended,
    }

    internal MessageFlags Flags { get; private set; }

    internal IReadOnlyList<string> Keywords { get; private set; } = [];

    internal DateTimeOffset? Date { get; private set; }

    /// <summary>Whether the message is one of RFC 6855, for which the client has to have said so.</summary>
    internal bool IsUtf8 { get; private set; }

    /// <summary>The message or part that was announced last.</summary>
    internal LiteralHeader Header { get; private set; }

    internal string Url { get; private set; } = string.Empty;

    /// <summary>Reads on.</summary>
    /// <param name="text">What stands behind the mailbox, or behind the last literal, up to the next literal.</param>
    /// <param name="at">How much of it was read.</param>
    internal AppendStep Next(ReadOnlySpan<byte> text, ref int at)
    {
        var parser = new ImapParser(text[at..]);
        var step = Read(ref parser);
        at += parser.Position;
        return step;
    }

    private AppendStep Read(ref ImapParser parser)
    {
        switch (_place)
        {
            case Place.Message:
                return ReadMessage(ref parser);
            case Place.Utf8Close:
                return parser.TryClose() ? EndMessage() : AppendStep.Invalid;
            case Place.AfterMessage:
                return EndMessage();
            case Place.Part:
                return ReadPart(ref parser);
            case Place.AfterPart when parser.TryClose():
                return EndMessage();
            case Place.AfterPart when parser.TrySpace():
                return ReadPart(ref parser);
            default:
                return AppendStep.Invalid;
        }
    }

    private AppendStep EndMessage()
    {
        _place = Place.Message;
        _any = true;
        return AppendStep.EndOfMessage;
    }

    private AppendStep ReadMessage(ref ImapParser parser)
    {
        if (_any && parser.IsAtEnd)
        {
            _place = Place.Ended;
            return AppendStep.End;
        }

        if ((_any && single) || !parser.TrySpace() || !TryOptions(ref parser))
            return AppendStep.Invalid;

        if (parser.TryWord("CATENATE"u8))
            return parser.TrySpace() && parser.TryOpen() ? ReadPart(ref parser) : AppendStep.Invalid;

        IsUtf8 = parser.TryWord("UTF8"u8);
        if (IsUtf8 && !(parser.TrySpace() && parser.TryOpen()))
            return AppendStep.Invalid;
        if (!parser.TryMessage(out var header) || (IsUtf8 && !header.IsBinary))
            return AppendStep.Invalid;
        Header = header;
        _place = IsUtf8 ? Place.Utf8Close : Place.AfterMessage;
        return AppendStep.Message;
    }

    private bool TryOptions(ref ImapParser parser)
    {
        Flags = MessageFlags.None;
        Keywords = [];
        Date = null;
        IsUtf8 = false;
        if (parser.TryFlagList(out var flags, out var keywords))
        {
            Flags = flags;
            Keywords = keywords;
            if (!parser.TrySpace())
                return false;
        }

        if (!parser.TryDateTime(out var date))
            return true;
        Date = date;
        return parser.TrySpace();
    }

    private AppendStep ReadPart(ref ImapParser parser)
    {
        _place = Place.AfterPart;
        if (parser.TryWord("TEXT"u8))
        {
            if (!parser.TrySpace() || !parser.TryMessage(out var header))
                return AppendStep.Invalid;
            Header = header;
            return AppendStep.Text;
        }

        if (!parser.TryWord("URL"u8) || !parser.TrySpace())
            return AppendStep.Invalid;
        if (parser.TryMessage(out var announced))
        {
            Header = announced;
            return AppendStep.UrlLiteral;
        }

        if (!parser.TryAString(out var url))
            return AppendStep.Invalid;
        Url = Encoding.UTF8.GetString(url);
        return AppendStep.Url;
    }
}
