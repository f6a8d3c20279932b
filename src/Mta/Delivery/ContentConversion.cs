using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Content;
using MimeKit;

namespace MailSuite.Mta.Delivery;

/// <summary>
/// Re-codes a message for a host that cannot take its octets: binary parts for one without BINARYMIME (RFC 3030 §3), 8-bit ones for one
/// without 8BITMIME (RFC 6152 §3). Only the parts that need it are touched, with their Content-Transfer-Encoding (RFC 2045 §6).
/// </summary>
/// <remarks>What is signed or encrypted as it stands (RFC 1847), what is no MIME, and an 8-bit header are not re-coded.</remarks>
internal static class ContentConversion
{
    /// <param name="constraint">What the host takes: 7-bit or 8-bit lines.</param>
    /// <param name="target">An empty message; the result when there is one.</param>
    /// <returns>What the result's octets are; <see langword="null"/> when the message cannot be re-coded.</returns>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public static async Task<MessageOctets?> TryAsync(IMessageContent content, EncodingConstraint constraint, IncomingMessage target, CancellationToken cancellationToken)
    {
        await using var source = content.OpenRead();
        MimeMessage message;
        try
        {
            message = await MimeMessage.LoadAsync(ParserOptions.Default, source, persistent: source.CanSeek, cancellationToken);
        }
        catch (FormatException)
        {
            return null;
        }

        using (message)
        {
            if (message.MimeVersion is null || message.Body is null || !await TryRecodeAsync(message.Body, constraint, isSealed: false, cancellationToken))
                return null;

            var format = FormatOptions.Default.Clone();
            format.NewLineFormat = NewLineFormat.Dos;
            await using var output = new MessageStream(target);
            await message.WriteToAsync(format, output, cancellationToken);
        }

        await target.CompleteAsync(ReadOnlyMemory<byte>.Empty);
        var octets = await MessageOctets.ScanAsync(target, cancellationToken);
        var fits = octets is { HasBareLineEnd: false, HasNulOrLongLine: false } && (constraint == EncodingConstraint.EightBit || !octets.HasEightBit);
        return fits ? octets : null;
    }

    private static async ValueTask<bool> TryRecodeAsync(MimeEntity entity, EncodingConstraint constraint, bool isSealed, CancellationToken cancellationToken)
    {
        switch (entity)
        {
            case Multipart multipart:
                isSealed = isSealed || multipart.ContentType.IsMimeType("multipart", "signed") || multipart.ContentType.IsMimeType("multipart", "encrypted");
                foreach (var part in multipart)
                {
                    if (!await TryRecodeAsync(part, constraint, isSealed, cancellationToken))
                        return false;
                }

                Relabel(multipart, constraint, isSealed);
                return true;
            case MessagePart { Message.Body: { } body } embedded:
                if (!await TryRecodeAsync(body, constraint, isSealed, cancellationToken))
                    return false;
                Relabel(embedded, constraint, isSealed);
                return true;
            case MimePart part:
                return await TryRecodeAsync(part, constraint, isSealed, cancellationToken);
            default:
                return true;
        }
    }

    private static async ValueTask<bool> TryRecodeAsync(MimePart part, EncodingConstraint constraint, bool isSealed, CancellationToken cancellationToken)
    {
        if (part.Content is null || part.ContentTransferEncoding is ContentEncoding.Base64 or ContentEncoding.QuotedPrintable or ContentEncoding.UUEncode)
            return true;

        var look = new LookStream();
        await part.Content.WriteToAsync(look, cancellationToken);
        var isText = !look.Lines.HasBareLineEnd && !look.Lines.HasNulOrLongLine;
        if (isText && (!look.HasEightBit || constraint == EncodingConstraint.EightBit))
        {
            if (!isSealed && part.ContentTransferEncoding is ContentEncoding.Binary or ContentEncoding.EightBit)
                part.ContentTransferEncoding = look.HasEightBit ? ContentEncoding.EightBit : ContentEncoding.SevenBit;
            return true;
        }

        // A part of the type message has no encoding of its own (RFC 2046 §5.2).
        if (isSealed || part.ContentType.IsMimeType("message", "*"))
            return false;
        part.ContentTransferEncoding = isText && part.ContentType.IsMimeType("text", "*") ? ContentEncoding.QuotedPrintable : ContentEncoding.Base64;
        return true;
    }

    /// <summary>What holds parts says of itself the most that its parts need (RFC 2045 §6.4).</summary>
    private static void Relabel(MimeEntity entity, EncodingConstraint constraint, bool isSealed)
    {
        if (!isSealed && entity.Headers[HeaderId.ContentTransferEncoding]?.Trim() is { } encoding && !encoding.Equals("7bit", StringComparison.OrdinalIgnoreCase))
            entity.Headers[HeaderId.ContentTransferEncoding] = constraint == EncodingConstraint.SevenBit ? "7bit" : "8bit";
    }
}
