namespace MailSuite.Mda.Mime;

/// <summary>One part of a message: a leaf, a multipart, or an encapsulated message with its own header below it.</summary>
/// <param name="End">The first part after this one and all it holds; parts lie in the order of their octets.</param>
/// <param name="HeaderStart">Octets from the first of the message.</param>
/// <param name="HeaderOctets">With the empty line that ends it.</param>
/// <param name="BodyLines">Line ends in the body.</param>
/// <param name="MediaType">In lower case, "text/plain" where the header says none; of a part that is not taken apart for a limit, "application/octet-stream".</param>
/// <param name="Charset">In lower case; <see langword="null"/> where the header says none.</param>
internal readonly record struct MessagePart(
    int Parent, int End, PartKind Kind, TransferEncoding Encoding, long HeaderStart, long HeaderOctets, long BodyOctets, long BodyLines, string MediaType, string? Charset)
{
    internal long BodyStart => HeaderStart + HeaderOctets;

    internal OctetRange Header => new(HeaderStart, HeaderOctets);

    internal OctetRange Body => new(BodyStart, BodyOctets);
}

/// <summary>What a part is made of.</summary>
internal enum PartKind : byte
{
    /// <summary>A leaf that is no text.</summary>
    Other,

    Text,

    /// <summary>Holds parts between boundaries; perhaps none.</summary>
    Multipart,

    /// <summary><c>message/rfc822</c> or <c>message/global</c>: holds one part, the message.</summary>
    Message,
}

/// <summary>How a body is encoded (RFC 2045 §6).</summary>
internal enum TransferEncoding : byte
{
    /// <summary>7bit, 8bit, binary: as it is.</summary>
    None,

    QuotedPrintable,

    Base64,

    /// <summary>One that nobody here can decode.</summary>
    Unknown,
}

/// <summary>Octets of a message.</summary>
internal readonly record struct OctetRange(long Start, long Length);
