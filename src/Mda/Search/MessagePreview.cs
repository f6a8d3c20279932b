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
        try
        {
            using var stream = new MemoryStream(message, writable: false);
            var parsed = MimeMessage.Load(Options, stream, persistent: true);
            var text = parsed.TextBody is { } plain ? Squeeze(plain) : parsed.HtmlBody is { } html ? Squeeze(TextOf(html)) : string.Empty;
            return new MessagePreview(text, parsed.Attachments.Any());
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // MimeKit promises no list of what odd octets may throw, and a preview is never worth a fault.
            return Nothing;
        }
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
