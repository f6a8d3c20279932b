using System.Text;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Smtp.Replies;

/// <summary>One reply, of one line or several (RFC 5321 §4.2). Made once and written often: its octets are kept.</summary>
internal sealed class SmtpReply
{
    /// <summary>Characters of text in a line; with code, enhanced code and CRLF it stays within 512 octets (RFC 5321 §4.5.3.1.5).</summary>
    private const int MaxTextCharacters = 480;

    private SmtpReply(int code, EnhancedStatusCode? status, IReadOnlyList<string> lines, ReadOnlyMemory<byte> octets, bool closes)
    {
        Code = code;
        Status = status;
        Lines = lines;
        Octets = octets;
        Closes = closes;
    }

    public int Code { get; }

    /// <summary>The enhanced code at the head of every line (RFC 2034 §4); a greeting, an EHLO reply and 334, 354 have none.</summary>
    public EnhancedStatusCode? Status { get; }

    /// <summary>The lines as they go out, without CRLF.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>The lines with their CRLFs.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>Whether the session ends after it.</summary>
    public bool Closes { get; }

    public bool IsPositive => Code < 400;

    public bool IsPermanent => Code >= 500;

    /// <param name="text">A line each. What a reply cannot carry (controls, characters beyond ASCII) is replaced by a question mark.</param>
    public static SmtpReply Of(int code, EnhancedStatusCode? status, params IReadOnlyList<string> text) => Of(code, status, utf8: false, text);

    /// <param name="utf8">Whether the client has said that it reads UTF-8 in this reply (RFC 6531 §3.7.4.2).</param>
    public static SmtpReply Of(int code, EnhancedStatusCode? status, bool utf8, IReadOnlyList<string> text)
    {
        var lines = new string[text.Count];
        var octets = new StringBuilder();
        for (var i = 0; i < lines.Length; i++)
        {
            var separator = i == lines.Length - 1 ? ' ' : '-';
            lines[i] = status is { } known ? $"{code}{separator}{known} {Printable(text[i], utf8)}" : $"{code}{separator}{Printable(text[i], utf8)}";
            octets.Append(lines[i]).Append("\r\n");
        }

        return new SmtpReply(code, status, lines, Encoding.UTF8.GetBytes(octets.ToString()), closes: false);
    }

    /// <summary>
    /// Several replies that go out one after the other, as LMTP has one for each recipient (RFC 2033 §4.2). It counts as a positive one
    /// where there is any, and as the last where there is none.
    /// </summary>
    public static SmtpReply Series(IReadOnlyList<SmtpReply> replies)
    {
        var counts = replies.FirstOrDefault(reply => reply.IsPositive) ?? replies[^1];
        var octets = new byte[replies.Sum(reply => reply.Octets.Length)];
        var at = 0;
        foreach (var reply in replies)
        {
            reply.Octets.CopyTo(octets.AsMemory(at));
            at += reply.Octets.Length;
        }

        return new SmtpReply(counts.Code, counts.Status, [.. replies.SelectMany(reply => reply.Lines)], octets, replies.Any(reply => reply.Closes));
    }

    /// <summary>The same reply as the last of its session.</summary>
    public SmtpReply AndClose() => new(Code, Status, Lines, Octets, closes: true);

    public override string ToString() => string.Join('\n', Lines);

    private static string Printable(string text, bool utf8)
    {
        var cut = text.Length > MaxTextCharacters ? text[..MaxTextCharacters] : text;
        foreach (var c in cut)
        {
            if (!IsPrintable(c, utf8))
                return string.Create(cut.Length, (cut, utf8), static (target, source) =>
                {
                    for (var i = 0; i < source.cut.Length; i++)
                        target[i] = IsPrintable(source.cut[i], source.utf8) ? source.cut[i] : '?';
                });
        }

        return cut;
    }

    private static bool IsPrintable(char c, bool utf8) => c is >= ' ' and <= '~' || (utf8 && c >= '\u00A0');
}
