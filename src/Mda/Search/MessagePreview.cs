using System.Text;
using MailSuite.Shared.Content;
using MimeKit;
using MimeKit.Text;

namespace MailSuite.Mda.Search;

/// <summary>The first words of a message, and whether something is attached. Best effort and bounded, whatever the octets are.</summary>
internal sealed record MessagePreview(string Text, bool HasAttachments)
{
    /// <summary>Octets that are looked at. What is attached shows by then in all but odd messages, and hostile MIME costs no more.</summary>
    internal const int MaxOctets = 256 * 1024;

    private const int MaxText = 200;

    /// <summary>Octets of plain text in which its first words are.</summary>
    private const int FirstOctets = 512;

    private const int MaxNesting = 32;

    private static readonly MessagePreview Nothing = new(string.Empty, HasAttachments: false);

    private static readonly ParserOptions Options = new() { MaxMimeDepth = MaxNesting };

    internal static async Task<MessagePreview> ReadAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        var first = GC.AllocateUninitializedArray<byte>((int)Math.Min(content.Octets, MaxOctets));
        await using (var stream = content.OpenRead())
            _ = await stream.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancellationToken);
        return Parse(first);
    }

    internal static MessagePreview Parse(byte[] message)
    {
        using var stream = new MemoryStream(message, writable: false);
        return TryLoad(stream) is { } parsed ? Of(parsed) : Nothing;
    }

    /// <param name="stream">The message, which must stay open as long as the result is used.</param>
    /// <returns><see langword="null"/> when it is nothing that can be read.</returns>
    internal static MimeMessage? TryLoad(Stream stream)
    {
        try
        {
            return MimeMessage.Load(Options, stream, persistent: true);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // MimeKit promises no list of what odd octets may throw, and a preview is never worth a fault.
            return null;
        }
    }

    internal static MessagePreview Of(MimeMessage message)
    {
        try
        {
            if (message.Body is TextPart { IsPlain: true, IsAttachment: false } part && TryFirstWords(part) is { } words)
                return new MessagePreview(words, HasAttachments: false);

            var text = message.TextBody is { } plain ? Squeeze(plain) : message.HtmlBody is { } html ? Squeeze(TextOf(html)) : string.Empty;
            return new MessagePreview(text, message.Attachments.Any());
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Nothing;
        }
    }

    /// <summary>The usual message, plain text in ASCII, read no further than its preview goes.</summary>
    /// <returns><see langword="null"/> when it takes more to tell.</returns>
    private static string? TryFirstWords(TextPart part)
    {
        if (part.Content is null || part.ContentType.Charset is { } charset && !charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return null;

        Span<byte> octets = stackalloc byte[FirstOctets];
        using var stream = part.Content.Open();
        var length = stream.ReadAtLeast(octets, FirstOctets, throwOnEndOfStream: false);
        if (!Ascii.IsValid(octets[..length]))
            return null;

        var words = Squeeze(Encoding.ASCII.GetString(octets[..length]));
        return length < FirstOctets || words.Length >= MaxText - 1 ? words : null;
    }

    /// <summary>What a reader would see of HTML: its text without style, script and title.</summary>
    private static string TextOf(string html)
    {
        var text = new StringBuilder();
        var hidden = 0;
        var tokenizer = new HtmlTokenizer(new StringReader(html));
        while (text.Length < MaxText * 4 && tokenizer.ReadNextToken(out var token))
        {
            if (token is HtmlTagToken { IsEmptyElement: false, Id: HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title } tag)
                hidden = Math.Max(0, hidden + (tag.IsEndTag ? -1 : 1));
            else if (token is HtmlTagToken)
                text.Append(' ');
            else if (token.Kind == HtmlTokenKind.Data && hidden == 0)
                text.Append(((HtmlDataToken)token).Data);
        }

        return text.ToString();
    }

    /// <summary>One line: white space and controls become single spaces.</summary>
    private static string Squeeze(string text)
    {
        var line = new StringBuilder(MaxText);
        foreach (var c in text)
        {
            if (line.Length >= MaxText)
                break;
            if (!char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('\u200B' or '\u200C' or '\u200D' or '\uFEFF' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        if (line.Length > 0 && char.IsHighSurrogate(line[^1]))
            line.Length--;
        return line.ToString().TrimEnd();
    }
}
