using System.Text;

namespace MailSuite.Mda.Mime;

/// <summary>The fields of one header that the envelope and the structure are made of, in their order.</summary>
internal readonly ref struct KnownFields
{
    private readonly ReadOnlySpan<byte> _header;
    private readonly ReadOnlySpan<KnownField> _fields;

    private KnownFields(ReadOnlySpan<byte> header, ReadOnlySpan<KnownField> fields)
    {
        _header = header;
        _fields = fields;
    }

    /// <param name="room">Where they are kept; as many fields as fit.</param>
    internal static KnownFields Read(ReadOnlySpan<byte> header, Span<KnownField> room)
    {
        var count = 0;
        var fields = new HeaderFields(header);
        while (count < room.Length && fields.MoveNext())
        {
            var name = Identify(fields.Name);
            if (name != FieldName.Other)
                room[count++] = new KnownField(name, fields.Value);
        }

        return new KnownFields(header, room[..count]);
    }

    public ReadOnlySpan<KnownField>.Enumerator GetEnumerator() => _fields.GetEnumerator();

    internal ReadOnlySpan<byte> ValueOf(KnownField field) => _header.Slice(field.Value.Start, field.Value.Length);

    /// <summary>The value of the last field of this name: of repeated ones, which RFC 5322 §3.6 forbids, the one that others show too.</summary>
    internal bool TryLast(FieldName name, out ReadOnlySpan<byte> value)
    {
        for (var i = _fields.Length - 1; i >= 0; i--)
        {
            if (_fields[i].Name == name)
            {
                value = ValueOf(_fields[i]);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The value of the first field of this name.</summary>
    internal bool TryFirst(FieldName name, out ReadOnlySpan<byte> value)
    {
        foreach (var field in _fields)
        {
            if (field.Name == name)
            {
                value = ValueOf(field);
                return true;
            }
        }

        value = default;
        return false;
    }

    private static FieldName Identify(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when Is(name, "To"u8) => FieldName.To,
        2 when Is(name, "Cc"u8) => FieldName.Cc,
        3 when Is(name, "Bcc"u8) => FieldName.Bcc,
        4 when Is(name, "Date"u8) => FieldName.Date,
        4 when Is(name, "From"u8) => FieldName.From,
        6 when Is(name, "Sender"u8) => FieldName.Sender,
        7 when Is(name, "Subject"u8) => FieldName.Subject,
        8 when Is(name, "Reply-To"u8) => FieldName.ReplyTo,
        10 when Is(name, "Message-ID"u8) => FieldName.MessageId,
        10 when Is(name, "Content-ID"u8) => FieldName.ContentId,
        11 when Is(name, "In-Reply-To"u8) => FieldName.InReplyTo,
        11 when Is(name, "Content-MD5"u8) => FieldName.ContentMd5,
        12 when Is(name, "Content-Type"u8) => FieldName.ContentType,
        16 when Is(name, "Content-Language"u8) => FieldName.ContentLanguage,
        16 when Is(name, "Content-Location"u8) => FieldName.ContentLocation,
        19 when Is(name, "Content-Description"u8) => FieldName.ContentDescription,
        19 when Is(name, "Content-Disposition"u8) => FieldName.ContentDisposition,
        25 when Is(name, "Content-Transfer-Encoding"u8) => FieldName.ContentTransferEncoding,
        _ => FieldName.Other,
    };

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(name, other);
}

internal readonly record struct KnownField(FieldName Name, Slice Value);

internal enum FieldName : byte
{
    Other,
    Date,
    Subject,
    From,
    Sender,
    ReplyTo,
    To,
    Cc,
    Bcc,
    InReplyTo,
    MessageId,
    ContentType,
    ContentTransferEncoding,
    ContentId,
    ContentDescription,
    ContentMd5,
    ContentDisposition,
    ContentLanguage,
    ContentLocation,
}
