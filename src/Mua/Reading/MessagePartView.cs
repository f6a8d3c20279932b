using MimeKit;
using MimeKit.IO;

namespace MailSuite.Mua.Reading;

/// <summary>One leaf of a message's MIME tree.</summary>
/// <param name="Number">Its place among the leaves, from 1, depth first: the same as long as the message is.</param>
internal sealed record MessagePartView(int Number, MimeEntity Entity)
{
    internal string Name => AttachmentName.Of(Entity, Number);

    /// <summary>The media type as the message declares it, without parameters.</summary>
    internal string ContentType => Entity.ContentType.MimeType.ToLowerInvariant();

    /// <summary>Whether it is a picture that browsers show without running anything; SVG is not.</summary>
    internal bool IsPicture => ContentType is "image/png" or "image/jpeg" or "image/gif" or "image/webp" or "image/avif" or "image/bmp";

    /// <summary>Octets when decoded.</summary>
    internal long CountOctets()
    {
        using var measure = new MeasuringStream();
        switch (Entity)
        {
            case MimePart { Content: { } content }:
                content.DecodeTo(measure);
                break;
            case MessagePart { Message: { } message }:
                message.WriteTo(measure);
                break;
        }

        return measure.Length;
    }

    /// <summary>Writes the decoded octets; for a message inside the message, that message.</summary>
    internal Task WriteAsync(Stream target, CancellationToken cancellationToken) => Entity switch
    {
        MimePart { Content: { } content } => content.DecodeToAsync(target, cancellationToken),
        MessagePart { Message: { } message } => message.WriteToAsync(target, cancellationToken),
        _ => Task.CompletedTask,
    };
}
