using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using System.Text.Unicode;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap;

/// <summary>Writes responses as octets (RFC 9051 §7, §9). What is written goes out when the session waits for the client, or when there is much of it.</summary>
/// <remarks>Writing never waits; whoever writes much calls <see cref="FlushBySizeAsync"/> after each part, so that it stays bounded and a slow reader slows it down.</remarks>
internal sealed class ImapWriter(Func<CancellationToken, ValueTask> flush)
{
    /// <summary>Octets that are collected before <see cref="FlushBySizeAsync"/> sends them.</summary>
    private const int FlushOctets = 32 * 1024;

    /// <summary>Octets that are asked of the pipe at once.</summary>
    private const int BlockOctets = 4 * 1024;

    /// <summary>A quoted string is for short text; what is longer goes as a literal, which needs no look at each octet by the reader.</summary>
    private const int MaxQuotedOctets = 1024;

    private static readonly SearchValues<byte> AtomLike = SearchValues.Create("!#$&'+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[^_`abcdefghijklmnopqrstuvwxyz|}~"u8);

    /// <summary>Text that can stand between quotes; <c>"</c> and <c>\</c> with a backslash.</summary>
    private static readonly SearchValues<byte> NotInQuotes = SearchValues.Create([0, (byte)'\r', (byte)'\n', .. Enumerable.Range(0x80, 0x80).Select(octet => (byte)octet)]);

    private PipeWriter? _output;
    private Memory<byte> _block;
    private int _used;
    private long _collected;
    private long _literalEnd;
    private byte _last = (byte)'\n';

    /// <summary>Whether strings may have UTF-8 between quotes: after ENABLE of IMAP4rev2 or UTF8=ACCEPT.</summary>
    public bool Utf8 { get; set; }

    /// <summary>Octets written since the session began.</summary>
    public long Total { get; private set; }

    /// <summary>Whether fewer octets were written than the last literal announced: whatever comes now is taken for the rest of it.</summary>
    public bool IsInLiteral => Total + Collected < _literalEnd;

    /// <summary>Whether a response has begun and its line is not ended.</summary>
    public bool IsInLine => _last != (byte)'\n';

    /// <summary>Octets that have not gone out.</summary>
    public long Collected => _collected + _used;

    /// <summary>Where the octets go; what was written before must have gone out.</summary>
    public void Use(PipeWriter output)
    {
        Settle();
        _output = output;
    }

    /// <summary>Sends what was written when it is much.</summary>
    /// <exception cref="ClientGoneException">Nobody reads it.</exception>
    public ValueTask FlushBySizeAsync(CancellationToken cancellationToken) => Collected >= FlushOctets ? flush(cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Sends what was written.</summary>
    /// <exception cref="ClientGoneException">Nobody reads it.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => Collected > 0 ? flush(cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Octets as they stand.</summary>
    public ImapWriter Raw(ReadOnlySpan<byte> octets)
    {
        if (!octets.IsEmpty)
            _last = octets[^1];
        while (octets.Length > _block.Length - _used)
        {
            var part = octets[..(_block.Length - _used)];
            part.CopyTo(_block.Span[_used..]);
            _used += part.Length;
            octets = octets[part.Length..];
            Next(Math.Min(octets.Length, BlockOctets));
        }

        octets.CopyTo(_block.Span[_used..]);
        _used += octets.Length;
        return this;
    }

    /// <summary>ASCII as it stands; anything else becomes a question mark.</summary>
    public ImapWriter Raw(string ascii)
    {
        foreach (var part in ascii.Chunk(BlockOctets))
        {
            _last = (byte)part[^1];
            Ensure(part.Length);
            _used += Encoding.ASCII.GetBytes(part, _block.Span[_used..]);
        }

        return this;
    }

    public ImapWriter Octet(byte octet)
    {
        Ensure(1);
        _last = octet;
        _block.Span[_used++] = octet;
        return this;
    }

    public ImapWriter Space() => Octet((byte)' ');

    public ImapWriter Open() => Octet((byte)'(');

    public ImapWriter Close() => Octet((byte)')');

    public ImapWriter Crlf() => Raw("\r\n"u8);

    public ImapWriter Number(long number)
    {
        const int MaxDigits = 20;
        Ensure(MaxDigits);
        Utf8Formatter.TryFormat(number, _block.Span[_used..], out var written);
        _used += written;
        _last = (byte)'0';
        return this;
    }

    public ImapWriter Nil() => Raw("NIL"u8);

    /// <summary>A string, between quotes where it can be, else as a literal (RFC 9051 §4.3). NULs cannot be in it; see <see cref="Literal8"/>.</summary>
    public ImapWriter String(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > MaxQuotedOctets || (octets.ContainsAny(NotInQuotes) && !MayQuote(octets)))
            return Literal(octets);

        Octet((byte)'"');
        while (octets.IndexOfAny((byte)'"', (byte)'\\') is var special and >= 0)
        {
            Raw(octets[..special]).Octet((byte)'\\').Octet(octets[special]);
            octets = octets[(special + 1)..];
        }

        return Raw(octets).Octet((byte)'"');
    }

    /// <summary>A string in UTF-8.</summary>
    public ImapWriter String(string text) => String(Encoding.UTF8.GetBytes(text));

    /// <summary>A string, or NIL for none.</summary>
    public ImapWriter NString(string? text) => text is null ? Nil() : String(text);

    /// <summary>An atom where it can be one, else a string.</summary>
    public ImapWriter AString(ReadOnlySpan<byte> octets)
    {
        var isAtom = !octets.IsEmpty && octets.IndexOfAnyExcept(AtomLike) < 0 && !Ascii.EqualsIgnoreCase(octets, "NIL"u8);
        return isAtom ? Raw(octets) : String(octets);
    }

    public ImapWriter AString(string text) => AString(Encoding.UTF8.GetBytes(text));

    /// <summary>The name of a mailbox, encoded as this session has names (RFC 9051 §5.1).</summary>
    public ImapWriter Mailbox(string name) => AString(MailboxNameText.Encode(name, Utf8));

    /// <summary>A literal with its octets.</summary>
    public ImapWriter Literal(ReadOnlySpan<byte> octets) => LiteralHeader(octets.Length).Raw(octets);

    /// <summary>A literal8, which may have NULs (RFC 9051 §4.3.1).</summary>
    public ImapWriter Literal8(ReadOnlySpan<byte> octets) => Literal8Header(octets.Length).Raw(octets);

    /// <summary>The announcement of a literal with its CRLF; the octets follow.</summary>
    public ImapWriter LiteralHeader(long octets)
    {
        Octet((byte)'{').Number(octets).Raw("}\r\n"u8);
        _literalEnd = Total + Collected + octets;
        return this;
    }

    public ImapWriter Literal8Header(long octets) => Octet((byte)'~').LiteralHeader(octets);

    /// <summary>Flags between parentheses.</summary>
    /// <param name="keywords">Separated by spaces, as a set of keywords is kept; empty for none.</param>
    public ImapWriter Flags(MessageFlags flags, string keywords)
    {
        Open();
        var first = true;
        foreach (var (flag, name) in ImapFlags.All)
        {
            if ((flags & flag) == MessageFlags.None)
                continue;
            if (!first)
                Space();
            first = false;
            Raw(name);
        }

        if (keywords.Length > 0)
        {
            if (!first)
                Space();
            Raw(keywords);
        }

        return Close();
    }

    /// <summary>Ascending numbers as a set, neighbours as a range: <c>1,4:7</c>.</summary>
    public ImapWriter Set(ReadOnlySpan<uint> ascending)
    {
        for (var i = 0; i < ascending.Length;)
        {
            var last = i;
            while (last + 1 < ascending.Length && ascending[last + 1] == ascending[last] + 1)
                last++;
            if (i > 0)
                Octet((byte)',');
            Number(ascending[i]);
            if (last > i)
                Octet((byte)':').Number(ascending[last]);
            i = last + 1;
        }

        return this;
    }

    /// <summary>The whole of an untagged response: <c>* </c>, what is given, CRLF.</summary>
    public ImapWriter Untagged(string ascii) => Raw("* "u8).Raw(ascii).Crlf();

    public ImapWriter Answer(ReadOnlySpan<byte> tag, in ImapAnswer answer)
    {
        Raw(tag.IsEmpty ? "*"u8 : tag);
        Raw(answer.Kind switch
        {
            ImapAnswerKind.Ok => " OK "u8,
            ImapAnswerKind.No => " NO "u8,
            _ => " BAD "u8,
        });
        if (answer.Code is { } code)
            Octet((byte)'[').Raw(code).Raw("] "u8);
        return Raw(answer.Text).Crlf();
    }

    /// <summary>Hands all that was written to the pipe, for a flush.</summary>
    public void Settle()
    {
        if (_used > 0)
        {
            _output!.Advance(_used);
            _collected += _used;
        }

        _block = default;
        _used = 0;
    }

    /// <summary>All that was written has gone out.</summary>
    public void Flushed()
    {
        Total += _collected;
        _collected = 0;
    }

    private bool MayQuote(ReadOnlySpan<byte> octets) => Utf8 && !octets.ContainsAny((byte)0, (byte)'\r', (byte)'\n') && System.Text.Unicode.Utf8.IsValid(octets);

    private void Ensure(int octets)
    {
        if (octets > _block.Length - _used)
            Next(octets);
    }

    private void Next(int octets)
    {
        if (_used > 0)
        {
            _output!.Advance(_used);
            _collected += _used;
            _used = 0;
        }

        _block = _output!.GetMemory(Math.Max(octets, 1));
    }
}
