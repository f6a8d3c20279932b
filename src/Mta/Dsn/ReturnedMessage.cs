using System.Text;
using System.Text.Unicode;
using MailSuite.Mta.Delivery;
using MailSuite.Shared.Content;
using MimeKit;

namespace MailSuite.Mta.Dsn;

/// <summary>The third part of a report: the message that it speaks of, or its header (RFC 6522 §3).</summary>
/// <param name="Part">To be put into the report.</param>
/// <param name="Fields">The fields of its header, as far as they can be read.</param>
/// <param name="IsWhole">Whether the body is there too.</param>
/// <param name="IsSevenBit">Whether the part is; if not, the report needs 8BITMIME.</param>
internal sealed record ReturnedMessage(MimePart Part, HeaderList Fields, bool IsWhole, bool IsSevenBit)
{
    /// <summary>Octets of the returned header; a longer one is cut after the last whole line.</summary>
    public const int MaxHeaderOctets = 64 * 1024;

    /// <param name="maxWholeOctets">A larger message is not returned as a whole; 0 for never.</param>
    /// <param name="international">Whether the report goes by SMTPUTF8 in any case: then a header beyond ASCII is returned as it is (RFC 6533 §4).</param>
    public static async Task<ReturnedMessage> ReadAsync(IMessageContent content, long maxWholeOctets, bool international, CancellationToken cancellationToken)
    {
        var octets = await ReadOctetsAsync(content, content.Octets <= maxWholeOctets ? content.Octets : MaxHeaderOctets, cancellationToken);
        var header = HeaderOf(octets);
        var fields = ReadFields(header);

        // DEVIATION: a header beyond ASCII would make the whole report need SMTPUTF8 (RFC 6533 §5.2), which the way back to an ASCII sender may not have.
        var isHeaderAscii = Ascii.IsValid(header);
        if (octets.Length > 0 && octets.Length == content.Octets && octets.Length <= maxWholeOctets && (isHeaderAscii || (international && Utf8.IsValid(header))))
        {
            var isSevenBit = Ascii.IsValid(octets);
            return new ReturnedMessage(PartOf("message", isHeaderAscii ? "rfc822" : "global", octets, isSevenBit ? ContentEncoding.SevenBit : ContentEncoding.EightBit), fields, IsWhole: true, isSevenBit);
        }

        if (international && !isHeaderAscii && Utf8.IsValid(header))
            return new ReturnedMessage(PartOf("message", "global-headers", header, ContentEncoding.EightBit), fields, IsWhole: false, IsSevenBit: false);

        return new ReturnedMessage(
            PartOf("text", "rfc822-headers", header, isHeaderAscii ? ContentEncoding.SevenBit : ContentEncoding.QuotedPrintable), fields, IsWhole: false, IsSevenBit: true);
    }

    /// <summary>The header of a message, for a report that will not need more.</summary>
    public static async Task<IMessageContent> HeaderOfAsync(IMessageContent content, CancellationToken cancellationToken) =>
        new MemoryContent(HeaderOf(await ReadOctetsAsync(content, MaxHeaderOctets, cancellationToken)));

    private static MimePart PartOf(string type, string subtype, byte[] octets, ContentEncoding encoding) => new(type, subtype)
    {
        Content = new MimeContent(new MemoryStream(octets)),
        ContentTransferEncoding = encoding,
    };

    private static async Task<byte[]> ReadOctetsAsync(IMessageContent content, long octets, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = content.OpenRead();
            var block = new byte[(int)Math.Min(content.Octets, octets)];
            var read = await stream.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
            return block[..read];
        }
        catch (IOException)
        {
            // The body's file is gone or cannot be read: the sender shall still hear what became of the message.
            return [];
        }
    }

    private static byte[] HeaderOf(ReadOnlySpan<byte> message)
    {
        var header = message[..Math.Min(HeaderSection.LengthOf(message), MaxHeaderOctets)];
        return header[..(header.LastIndexOf((byte)'\n') + 1)].ToArray();
    }

    private static HeaderList ReadFields(byte[] header)
    {
        try
        {
            return HeaderList.Load(new MemoryStream(header));
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
