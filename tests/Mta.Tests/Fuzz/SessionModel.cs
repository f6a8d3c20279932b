using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mta.Tests.Fuzz;

/// <summary>A message that somebody has taken responsibility for.</summary>
internal sealed record TakenMail(byte[] Octets, IReadOnlyList<EnvelopeAddress> Recipients);

/// <summary>
/// A receiver by the letter of RFC 5321, which sees all octets at once. What the server decides it takes from the replies; where a command
/// begins and ends, how many replies there must be, and which messages there are, it finds out by itself.
/// </summary>
internal sealed partial class SessionModel(byte[] input, IReadOnlyList<ReadReply> replies, MtaOptions options, bool isLmtp, bool mayTimeOut)
{
    private static readonly HashSet<string> Closing = [.. TextsOf(closes: true).Except(TextsOf(closes: false))];
    private static readonly HashSet<string> PerhapsClosing = [.. TextsOf(closes: true)];
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>A response may be longer than a command (RFC 4954 §4).</summary>
    private const int MaxResponseOctets = 12288;

    private readonly List<TakenMail> _taken = [];
    private int _at;
    private int _next;
    private int _errors;
    private bool _isOver;
    private bool _greeted;
    private List<EnvelopeAddress>? _recipients;
    private bool _isBinary;
    private List<byte>? _chunks;

    /// <summary>How many recipients the rest of a message has that was refused.</summary>
    private int _refusedFor;

    /// <summary>The messages that must have been delivered, in order.</summary>
    /// <param name="greets">Whether the server's first reply is its greeting.</param>
    /// <exception cref="FuzzException">The replies are not those to this input.</exception>
    public IReadOnlyList<TakenMail> Play(bool greets)
    {
        if (greets)
        {
            var greeting = Next("", mustHaveStatus: false);
            _isOver |= greeting?.Code != 220;
        }

        while (!_isOver)
            PlayLine();
        FuzzException.Unless(_next == replies.Count, "a reply too many", $"{(_next < replies.Count ? replies[_next] : null)} after {Show()}");
        return _taken;
    }

    private static IEnumerable<string> TextsOf(bool closes) =>
        typeof(SmtpReplies).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => field.GetValue(null)).OfType<SmtpReply>().Where(reply => reply.Closes == closes).Select(reply => reply.Lines[0]);

    private void PlayLine()
    {
        var rest = input.AsSpan(_at);
        var window = rest.Length > options.MaxCommandLineOctets ? rest[..options.MaxCommandLineOctets] : rest;
        var end = window.IndexOf((byte)'\n');
        if (end < 0 && rest.Length < options.MaxCommandLineOctets)
        {
            EndOfInput();
            return;
        }

        if (end < 0 || end == 0 || window.IndexOf((byte)'\r') != end - 1)
        {
            Expect("a line that is none", reply => reply.Code == 500);
            _isOver = true;
            return;
        }

        _at += end + 1;
        if (!TryDecode(window[..(end - 1)], out var line))
        {
            // How many octets of a chunk follow, nobody can tell.
            var isChunk = Ascii.EqualsIgnoreCase(window[..Math.Min(end, 5)], "BDAT "u8);
            Expect("a line that is no text", reply => reply.Code == (isChunk ? 501 : 500));
            _isOver |= isChunk;
            return;
        }

        var words = line.TrimEnd(' ').Split(' ', 2);
        Play(words[0].ToUpperInvariant(), words.Length > 1 ? words[1] : "");
    }

    private void Play(string verb, string arguments)
    {
        if (verb == "BDAT")
        {
            PlayChunk(arguments);
            return;
        }

        if (Next(verb, mustHaveStatus: true) is not { } reply)
            return;
        switch (verb)
        {
            case "EHLO" or "HELO" or "LHLO" when reply.Code == 250:
                _greeted = true;
                Forget();
                break;
            case "MAIL" or "SEND" or "SOML" or "SAML" when reply.Code == 250:
                Must(_greeted && _recipients is null, "MAIL was taken out of order");
                Forget();
                (_recipients, _isBinary) = ([], BinaryBody().IsMatch(arguments));
                break;
            case "RCPT" when reply.Code is 250 or 251:
                Must(_recipients is not null && _chunks is null, "RCPT was taken out of order");
                _recipients!.Add(AddressIn(arguments));
                break;
            case "DATA" when reply.Code == 354:
                Must(_recipients is { Count: > 0 } && _chunks is null && !_isBinary, "DATA was taken out of order");
                PlayMessage();
                break;
            case "RSET" when reply.Code == 250:
                Forget();
                break;
            case "XCLIENT" when reply.Code == 220:
                // The session of somebody else begins.
                (_greeted, _errors) = (false, 0);
                Forget();
                break;
            case "AUTH":
                while (reply is { Code: 334 } && PlayResponse() is { } step)
                    reply = step;
                break;
            case "STARTTLS" when reply.Code == 220:
            case "QUIT" when reply.Code == 221:
                _isOver = true;
                break;
        }
    }

    private void Forget() => (_recipients, _chunks, _refusedFor) = (null, null, 0);

    /// <summary>The line after a challenge is no command (RFC 4954 §4).</summary>
    private ReadReply? PlayResponse()
    {
        var rest = input.AsSpan(_at);
        var end = rest.IndexOf((byte)'\n');
        if (end >= 0 && end < MaxResponseOctets && end > 0 && rest.IndexOf((byte)'\r') == end - 1)
        {
            _at += end + 1;
            return Next("AUTH", mustHaveStatus: true);
        }

        if (end < 0 && rest.Length < MaxResponseOctets)
            EndOfInput();
        else
            Expect("a response that is no line", reply => reply.Code == 500);
        _isOver = true;
        return null;
    }

    private void PlayMessage()
    {
        var end = StrictMessage.Read(input.AsSpan(_at), options.MaxTextLineOctets, out var content, out var consumed);
        var isEndless = input.Length - _at > 2 * options.MaxMessageOctets;
        var recipients = _recipients!;
        _recipients = null;
        // Where a message without end is cut depends on the parts in which it came.
        if (isEndless && _next + RepliesFor(recipients) == replies.Count && replies.Skip(_next).All(reply => reply.Code == 552))
        {
            _next = replies.Count;
            _isOver = true;
            return;
        }

        _at += consumed;
        if (end == StrictMessage.End.Missing)
        {
            EndOfInput();
            return;
        }

        if (end != StrictMessage.End.Dot)
        {
            Expect("a message that is no lines", reply => reply.Code is 554 or 500, RepliesFor(recipients));
            _isOver = true;
            return;
        }

        if (Next("DATA", mustHaveStatus: true, RepliesFor(recipients)) is not { } last)
            return;
        Must(last.Code != 250 || content.Length <= options.MaxMessageOctets, "a message above the limit was taken");
        if (last.Code == 250)
            Take(content, recipients);
    }

    private void PlayChunk(string arguments)
    {
        var match = Chunk().Match(arguments);
        if (!match.Success)
        {
            Expect("a chunk of no size", reply => reply.Code == 501);
            _isOver = true;
            return;
        }

        var octets = decimal.Parse(match.Groups["octets"].Value, CultureInfo.InvariantCulture);
        var isWhole = octets <= input.Length - _at;
        if (!isWhole && _next >= replies.Count)
        {
            _isOver = true;
            return;
        }

        var chunk = isWhole ? input.AsSpan(_at, (int)octets) : default;
        _at += chunk.Length;
        var isLast = match.Groups["last"].Success;
        var count = !isLast ? 1 : _recipients is null ? Math.Max(1, _refusedFor) : RepliesFor(_recipients);
        if (Next("BDAT", mustHaveStatus: true, count) is not { } reply)
            return;
        if (!isWhole)
        {
            Must(reply.Code >= 400, "half a chunk was taken");
            _isOver = true;
        }
        else if (reply.Code == 250)
        {
            Must(_recipients is { Count: > 0 }, "a chunk was taken out of order");
            (_chunks ??= []).AddRange(chunk);
            Must(_chunks.Count <= options.MaxMessageOctets, "a message above the limit was taken");
            var text = _chunks is [.., (byte)'\r'] && !isLast ? _chunks[..^1] : _chunks;
            Must(StrictMessage.IsText(text.ToArray(), options.MaxTextLineOctets, _isBinary), "chunks that are no lines were taken");
            if (isLast)
                Take([.. _chunks], _recipients!);
        }

        if (isLast || reply.Code != 250)
            (_recipients, _chunks, _refusedFor) = (null, null, isLast ? 0 : _recipients is null ? _refusedFor : RepliesFor(_recipients));
    }

    private void Take(byte[] content, List<EnvelopeAddress> recipients)
    {
        _errors = 0;
        _taken.Add(new TakenMail(content, recipients));
    }

    /// <summary>In LMTP each recipient is answered, one that was named twice twice (RFC 2033 §4.2).</summary>
    private int RepliesFor(List<EnvelopeAddress> recipients) => isLmtp ? Math.Max(1, recipients.Count) : 1;

    private void Expect(string what, Func<ReadReply, bool> holds, int count = 1)
    {
        if (Next("", mustHaveStatus: true, count) is { } reply)
            Must(holds(reply), $"{what} was answered otherwise");
    }

    /// <summary>The next reply; <see langword="null"/> when the session ended with the one before, or with this one.</summary>
    /// <param name="count">Replies to this line; of several the first positive one counts, or the last.</param>
    private ReadReply? Next(string verb, bool mustHaveStatus, int count = 1)
    {
        if (_next >= replies.Count)
        {
            Must(_next > 0 && PerhapsClosing.Contains(replies[_next - 1].Lines[0]), $"no reply to {(verb.Length == 0 ? "a line" : KnownVerb(verb))}");
            _isOver = true;
            return null;
        }

        if (mayTimeOut && replies.Skip(_next).All(one => one.Code == 421))
        {
            _next = replies.Count;
            _isOver = true;
            return null;
        }

        var series = replies.Skip(_next).Take(count).ToList();
        _next += series.Count;
        var reply = series.Find(one => one.Code < 400) ?? series[^1];
        Must(series.Count == count || PerhapsClosing.Contains(reply.Lines[0]), "fewer replies than recipients");

        var needsNone = reply.Code is 334 or 354 || (reply.Code == 220 && verb == "XCLIENT") || (reply.Code == 250 && verb is "EHLO" or "HELO" or "LHLO") || !mustHaveStatus;
        Must(needsNone || series.TrueForAll(one => one.Status is not null), "a reply without an enhanced code");
        _isOver |= Closing.Contains(reply.Lines[0]);
        if (_isOver || reply.Code < 500 || ++_errors < options.MaxErrors)
            return reply;

        _isOver = true;
        if (_next == replies.Count && PerhapsClosing.Contains(reply.Lines[0]))
            return reply;
        Must(_next < replies.Count && replies[_next].Code == 421, "too many errors, and no 421");
        _next++;
        return reply;
    }

    private void EndOfInput()
    {
        // A session whose time is over says so before it sees that nobody is there.
        if (mayTimeOut && replies.Skip(_next).All(reply => reply.Code == 421))
            _next = replies.Count;
        _isOver = true;
    }

    private void Must(bool holds, string what) => FuzzException.Unless(holds, what, Show());

    private string Show() => $"at octet {_at} of {input.Length}, replies: {string.Join(" | ", replies.Select((reply, i) => i == _next - 1 ? $">>{reply}<<" : reply.ToString()))}";

    private static string KnownVerb(string verb) => verb.Length <= 10 && verb.All(char.IsAsciiLetter) ? verb : "a line";

    private static EnvelopeAddress AddressIn(string arguments)
    {
        var path = arguments[(arguments.IndexOf(':', StringComparison.Ordinal) + 1)..].TrimStart(' ');
        FuzzException.Unless(ForwardPath.TryRead(path, out var forward, out _), "a recipient was taken that is none", arguments);
        return forward!.Address ?? EnvelopeAddress.Parse("postmaster@example.org");
    }

    private static bool TryDecode(ReadOnlySpan<byte> octets, out string line)
    {
        line = "";
        try
        {
            line = Utf8.GetString(octets);
            return !line.Any(char.IsControl);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    [GeneratedRegex("^(?<octets>[0-9]{1,20})(?<last> LAST)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Chunk();

    [GeneratedRegex("> *(.* )?BODY=BINARYMIME( |$)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BinaryBody();
}
