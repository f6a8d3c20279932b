using System.Buffers;
using System.Text;
using MimeKit;
using MimeKit.Text;

namespace MailSuite.Mda.Search.Text;

/// <summary>Reads what a search looks through: of the header and of all parts their fields decoded (RFC 2047), of text parts the text.</summary>
/// <remarks>
/// <para>
/// The head is a line <c>NAME: value</c> for each field of the message, each with <see cref="FoldedText.Separator"/> before and after it, then
/// <see cref="PartHeaders"/>, then likewise the fields of its parts and of messages in it. The body is the text of <c>text/*</c> and
/// <c>message/*</c> parts, attached or not, decoded to Unicode (RFC 9051 §6.4.4), HTML as its reader sees it.
/// </para>
/// <para>Best effort: octets that are no message give what could be read of them.</para>
/// </remarks>
internal static class MessageText
{
    /// <summary>Between the message's own fields and those of its parts.</summary>
    internal const byte PartHeaders = 1;

    private const int MaxNesting = 100;

    /// <summary>Fields of all parts together at most: hostile MIME has nothing else.</summary>
    private const int MaxParts = 10_000;

    private const int BlockChars = 16 * 1024;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = MaxNesting };

    /// <param name="message">Read from its beginning.</param>
    /// <returns>What the header says beside its text.</returns>
    internal static SearchFacts Read(Stream message, IMessageText target, CancellationToken cancellationToken)
    {
        var facts = SearchFacts.Nothing;
        try
        {
            var entity = Parse(message, out var hasHeader, cancellationToken);
            facts = SearchFacts.Of(entity.Headers);
            target.Head.Break();
            if (hasHeader)
                AppendFields(entity.Headers, target.Head);
            target.Head.Break(PartHeaders);
            target.Head.Break();
            if (target.GoesOn())
                Walk(entity, target, cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException and not OperationCanceledException and not IOException and not UnauthorizedAccessException)
        {
            // MimeKit promises no list of what odd octets may throw; what was read by then is searched.
        }

        return facts;
    }

    /// <summary>Octets that begin with no header are all body, but for what old programs put first: the <c>From </c> line of a mailbox file, a line that continues nothing.</summary>
    private static MimeEntity Parse(Stream message, out bool hasHeader, CancellationToken cancellationToken)
    {
        hasHeader = true;
        try
        {
            return new MimeParser(Options, message, MimeFormat.Entity, persistent: true).ParseEntity(cancellationToken);
        }
        catch (FormatException) when (message.CanSeek)
        {
        }

        message.Position = 0;
        Span<byte> first = stackalloc byte[1000];
        first = first[..message.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
        var line = first.IndexOf((byte)'\n') + 1;
        message.Position = first.StartsWith("From "u8) || first.StartsWith(" "u8) ? line : 0;
        if (message.Position > 0)
        {
            try
            {
                return new MimeParser(Options, message, MimeFormat.Entity, persistent: true).ParseEntity(cancellationToken);
            }
            catch (FormatException)
            {
            }
        }

        message.Position = 0;
        hasHeader = false;
        return new TextPart("plain") { Content = new MimeContent(message), Headers = { { HeaderId.ContentTransferEncoding, "8bit" } } };
    }

    private static void AppendField(FoldedText head, Header field)
    {
        head.Append(field.Field);
        head.Append(": ");
        head.Append(field.Value);
        head.Break();
    }

    private static void Walk(MimeEntity root, IMessageText target, CancellationToken cancellationToken)
    {
        var waiting = new Stack<(MimeEntity Part, bool IsRoot)>();
        waiting.Push((root, true));
        for (var count = 0; waiting.TryPop(out var next) && count < MaxParts; count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!next.IsRoot)
                AppendFields(next.Part.Headers, target.Head);
            switch (next.Part)
            {
                case Multipart multipart:
                    for (var i = multipart.Count - 1; i >= 0; i--)
                        waiting.Push((multipart[i], false));
                    break;
                case MessagePart { Message: { } inner }:
                    // The fields of a message that are about its body are its body's.
                    AppendFields(inner.Headers, target.Head);
                    if (inner.Body is { } body)
                        waiting.Push((body, false));
                    break;
                case TextPart text:
                    if (!TryAppend(text, target, cancellationToken))
                        return;
                    break;
                case MimePart { Content: not null } part when part.ContentType.MediaType.Equals("message", StringComparison.OrdinalIgnoreCase)
                        || part.ContentType.MediaType.Equals("text", StringComparison.OrdinalIgnoreCase):
                    if (!TryAppend(part, isHtml: false, target, cancellationToken))
                        return;
                    break;
            }

            if (!target.GoesOn())
                return;
        }
    }

    private static void AppendFields(HeaderList headers, FoldedText head)
    {
        foreach (var field in headers)
            AppendField(head, field);
    }

    private static bool TryAppend(TextPart part, IMessageText target, CancellationToken cancellationToken) =>
        part.Content is null || TryAppend(part, part.IsHtml, target, cancellationToken);

    /// <returns>Whether to go on.</returns>
    private static bool TryAppend(MimePart part, bool isHtml, IMessageText target, CancellationToken cancellationToken)
    {
        // Encoded as nobody knows: it is no text (RFC 2045 §6.4).
        if (part.ContentTransferEncoding == ContentEncoding.Default && part.Headers[HeaderId.ContentTransferEncoding] is { } encoding && encoding.StartsWith("x-", StringComparison.OrdinalIgnoreCase))
            return true;

        using var octets = part.Content!.Open();
        using var reader = new StreamReader(octets, EncodingOf(part.ContentType.Charset), detectEncodingFromByteOrderMarks: part.ContentType.Charset is null);
        var goesOn = isHtml ? AppendHtml(reader, target, cancellationToken) : AppendPlain(reader, target, cancellationToken);
        target.Body.Break();
        return goesOn;
    }

    private static bool AppendPlain(StreamReader reader, IMessageText target, CancellationToken cancellationToken)
    {
        var block = ArrayPool<char>.Shared.Rent(BlockChars);
        try
        {
            var kept = 0;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = reader.ReadBlock(block, kept, BlockChars - kept);
                var length = kept + read;
                if (read == 0 || length < BlockChars)
                {
                    target.Body.Append(block.AsSpan(0, length));
                    return target.GoesOn();
                }

                // Cut where no character can hang together with the next one, where there is such a place.
                var cut = block.AsSpan(0, length).LastIndexOfAny(' ', '\n') + 1;
                if (cut == 0)
                    cut = char.IsHighSurrogate(block[length - 1]) ? length - 1 : length;
                target.Body.Append(block.AsSpan(0, cut));
                block.AsSpan(cut, length - cut).CopyTo(block);
                kept = length - cut;
                if (!target.GoesOn())
                    return false;
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(block);
        }
    }

    /// <summary>What a reader sees: no tags, no style, no script; words that only inline tags are in stay whole.</summary>
    private static bool AppendHtml(StreamReader reader, IMessageText target, CancellationToken cancellationToken)
    {
        var hidden = 0;
        var tokenizer = new HtmlTokenizer(reader) { DecodeCharacterReferences = true };
        while (tokenizer.ReadNextToken(out var token))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (token is HtmlTagToken { IsEmptyElement: false, Id: HtmlTagId.Style or HtmlTagId.Script } tag)
                hidden = Math.Max(0, hidden + (tag.IsEndTag ? -1 : 1));
            else if (token is HtmlTagToken other)
                target.Body.Append(IsInline(other.Id) ? string.Empty : " ");
            else if (token.Kind == HtmlTokenKind.Data && hidden == 0)
                target.Body.Append(((HtmlDataToken)token).Data);

            if (!target.GoesOn())
                return false;
        }

        return true;
    }

    private static bool IsInline(HtmlTagId tag) => tag is HtmlTagId.A or HtmlTagId.B or HtmlTagId.I or HtmlTagId.U or HtmlTagId.S or HtmlTagId.EM or HtmlTagId.Strong
        or HtmlTagId.Span or HtmlTagId.Font or HtmlTagId.Small or HtmlTagId.Big or HtmlTagId.Sub or HtmlTagId.Sup or HtmlTagId.Code or HtmlTagId.Mark;

    private static Encoding EncodingOf(string? charset)
    {
        // ASCII is a part of UTF-8, and who says ASCII and writes more mostly means that.
        if (charset is null || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8;
        try
        {
            return Encoding.GetEncoding(charset);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8;
        }
    }
}
