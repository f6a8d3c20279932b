using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MimeKit;
using MimeKit.Utils;

namespace MailSuite.Mua.Compose;

/// <summary>Builds a message of what a person wrote (RFC 5322, RFC 2045).</summary>
internal sealed class MessageWriter(MuaOptions options, TimeProvider clock)
{
    /// <param name="forwarded">The message that goes along, for parts of it or for all of it; it must stay open while the message is written.</param>
    internal MimeMessage Write(Account from, Draft draft, DraftEnvelope envelope, IReadOnlyList<DraftFile> files, Reading.ReadableMessage? forwarded)
    {
        var message = new MimeMessage
        {
            Subject = SingleLine(draft.Subject),
            Date = clock.GetLocalNow(),
            // The same draft gives the same msg-id however often it is sent, so that a repetition is known for one.
            MessageId = MessageIdOf(draft.Id),
        };
        message.From.Add(new MailboxAddress(from.DisplayName, from.Address.ToString()));
        message.To.AddRange(envelope.To.Header);
        message.Cc.AddRange(envelope.Cc.Header);
        if (message.To.Count == 0 && message.Cc.Count == 0)
            message.To.Add(new GroupAddress("undisclosed-recipients"));
        if (draft.InReplyTo is { } answered && MimeUtils.EnumerateReferences($"<{answered}>").FirstOrDefault() is { } id)
            message.InReplyTo = id;
        message.References.AddRange(draft.References);
        message.Body = Body(draft, files, forwarded);
        return message;
    }

    internal string MessageIdOf(DeliveryId id) => $"{id}@{options.HostName}";

    private static MimeEntity Body(Draft draft, IReadOnlyList<DraftFile> files, Reading.ReadableMessage? forwarded)
    {
        var text = new TextPart("plain") { Text = draft.Text.ReplaceLineEndings("\r\n") };
        text.ContentTransferEncoding = text.GetBestEncoding(EncodingConstraint.SevenBit, 200);
        var attachments = files.Select(Attachment).Concat(Forwarded(draft.Source, forwarded)).ToList();
        if (attachments.Count == 0)
            return text;

        var mixed = new Multipart("mixed") { text };
        foreach (var attachment in attachments)
            mixed.Add(attachment);
        return mixed;
    }

    private static MimeEntity Attachment(DraftFile file)
    {
        if (!ContentType.TryParse(file.ContentType, out var type) || type.IsMimeType("multipart", "*") || type.IsMimeType("message", "*"))
            type = new ContentType("application", "octet-stream");

        return new MimePart(type)
        {
            Content = new MimeContent(file.Open()),
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
            ContentTransferEncoding = ContentEncoding.Base64,
            FileName = file.Name,
        };
    }

    private static IEnumerable<MimeEntity> Forwarded(DraftSource? source, Reading.ReadableMessage? message)
    {
        if (source is null || message is null)
            yield break;

        if (source.Kind == DraftKind.ForwardAttached)
        {
            yield return new MessagePart("rfc822", message.Mime) { ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) };
            yield break;
        }

        foreach (var number in source.Parts)
        {
            if (message.FindPart(number)?.Entity is MimePart { Content: { } content } part)
            {
                yield return new MimePart(part.ContentType)
                {
                    Content = content,
                    ContentTransferEncoding = ContentEncoding.Base64,
                    ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
                    FileName = Reading.AttachmentName.Of(part, number),
                };
            }
            else if (message.FindPart(number)?.Entity is MessagePart { Message: { } inner })
            {
                yield return new MessagePart("rfc822", inner) { ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) };
            }
        }
    }

    /// <summary>A line end in a form field must never begin a header field.</summary>
    private static string SingleLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)).Trim();
}
