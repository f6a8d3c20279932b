using System.Text;

namespace MailSuite.Mda.Mime;

/// <summary>What the Content-* fields of a part say, and how its structure says it.</summary>
/// <param name="Boundary">In <see cref="MimeScratch.Fragments"/>; empty where there is none.</param>
/// <param name="Basic">Of a leaf, type to encoding; of a multipart, its subtype.</param>
/// <param name="Extension">All that BODYSTRUCTURE has more than BODY, with a blank before it.</param>
internal readonly record struct ContentFields(PartKind Kind, TransferEncoding Encoding, string MediaType, string? Charset, Slice Boundary, Slice Basic, Slice Extension)
{
    private const int MaxTypeOctets = 100;

    private static readonly string[] CommonTypes =
    [
        "text/plain", "text/html", "multipart/alternative", "multipart/mixed", "multipart/related", "message/rfc822", "application/octet-stream", "application/pdf",
        "image/png", "image/jpeg", "image/gif", "multipart/signed", "multipart/report", "message/delivery-status", "text/calendar", "multipart/digest",
    ];

    private static readonly string[] CommonCharsets = ["us-ascii", "utf-8", "iso-8859-1", "iso-8859-15", "windows-1252"];

    /// <param name="inDigest">Within <c>multipart/digest</c> a part that says nothing is a message (RFC 2046 §5.1.5).</param>
    /// <param name="whole">Whether it must not be taken apart, for a limit: it is then called what it is to us, octets.</param>
    internal static ContentFields Read(KnownFields fields, bool inDigest, bool whole, MimeScratch scratch)
    {
        var parameters = scratch.Parameters;
        parameters.Clear();
        var text = scratch.Text;
        text.Truncate(0);
        ReadOnlySpan<byte> type = inDigest ? "message"u8 : "text"u8;
        ReadOnlySpan<byte> subtype = inDigest ? "rfc822"u8 : "plain"u8;
        if (fields.TryFirst(FieldName.ContentType, out var value) && TryType(value, text, parameters, out var slash))
        {
            type = text.Written[..slash];
            subtype = text.Written[(slash + 1)..];
        }

        var kind = KindOf(type, subtype);
        if (whole && kind is PartKind.Multipart or PartKind.Message)
        {
            kind = PartKind.Other;
            type = "application"u8;
            subtype = "octet-stream"u8;
        }

        var mediaType = MediaTypeOf(type, subtype);
        var charset = kind == PartKind.Text && parameters.TryGet("charset"u8, out var named) && named.Length is > 0 and <= MaxTypeOctets ? Lower(named, CommonCharsets) : null;
        var fragments = scratch.Fragments;
        var boundary = default(Slice);
        if (kind == PartKind.Multipart && parameters.TryGet("boundary"u8, out var delimiter))
        {
            var at = fragments.Length;
            fragments.Append(delimiter.Length > MimeLimits.MaxBoundaryOctets ? delimiter[..MimeLimits.MaxBoundaryOctets] : delimiter);
            boundary = fragments.Since(at);
        }

        var start = fragments.Length;
        if (kind != PartKind.Multipart)
        {
            WireText.AppendString(fragments, type);
            fragments.Append((byte)' ');
        }

        WireText.AppendString(fragments, subtype);
        if (kind != PartKind.Multipart)
        {
            fragments.Append((byte)' ');
            parameters.Write(fragments, charset: kind == PartKind.Text);
        }

        // From here on the scratch text is used anew, and type and subtype are no more.
        var encoding = TransferEncoding.None;
        if (kind != PartKind.Multipart)
            encoding = WriteIdToEncoding(fields, scratch, fragments);
        var basic = fragments.Since(start);

        start = fragments.Length;
        fragments.Append((byte)' ');
        if (kind == PartKind.Multipart)
            parameters.Write(fragments, charset: false);
        else
            WriteText(fields, FieldName.ContentMd5, scratch, fragments);
        WriteDisposition(fields, scratch, fragments);
        WriteLanguages(fields, scratch, fragments);
        fragments.Append((byte)' ');
        WriteText(fields, FieldName.ContentLocation, scratch, fragments);
        return new ContentFields(kind, encoding, mediaType, charset, boundary, basic, fragments.Since(start));
    }

    internal static string Lower(ReadOnlySpan<byte> text, string[] common)
    {
        foreach (var known in common)
        {
            if (known.Length == text.Length && Ascii.EqualsIgnoreCase(text, known))
                return known;
        }

        return System.Text.Encoding.Latin1.GetString(text).ToLowerInvariant();
    }

    private static string MediaTypeOf(ReadOnlySpan<byte> type, ReadOnlySpan<byte> subtype)
    {
        Span<byte> whole = stackalloc byte[MaxTypeOctets];
        if (type.Length + 1 + subtype.Length > whole.Length)
            return "application/octet-stream";
        type.CopyTo(whole);
        whole[type.Length] = (byte)'/';
        subtype.CopyTo(whole[(type.Length + 1)..]);
        return Lower(whole[..(type.Length + 1 + subtype.Length)], CommonTypes);
    }

    private static PartKind KindOf(ReadOnlySpan<byte> type, ReadOnlySpan<byte> subtype)
    {
        if (Ascii.EqualsIgnoreCase(type, "text"u8))
            return PartKind.Text;
        if (Ascii.EqualsIgnoreCase(type, "multipart"u8))
            return PartKind.Multipart;
        return Ascii.EqualsIgnoreCase(type, "message"u8) && (Ascii.EqualsIgnoreCase(subtype, "rfc822"u8) || Ascii.EqualsIgnoreCase(subtype, "global"u8))
            ? PartKind.Message
            : PartKind.Other;
    }

    /// <summary>Type and subtype with a slash between them; a field that is broken says nothing (RFC 2045 §5.2).</summary>
    private static bool TryType(ReadOnlySpan<byte> value, OctetBuffer type, ParameterList parameters, out int slash)
    {
        var text = new HeaderText(value);
        text.SkipBlanks();
        slash = 0;
        if (!text.TryMimeToken(type))
            return false;
        slash = type.Length;
        text.SkipBlanks();
        if (!text.TryTake((byte)'/'))
            return false;
        type.Append((byte)'/');
        text.SkipBlanks();
        if (!text.TryMimeToken(type))
            return false;
        parameters.Read(ref text);
        return true;
    }

    private static TransferEncoding WriteIdToEncoding(KnownFields fields, MimeScratch scratch, OctetBuffer wire)
    {
        wire.Append((byte)' ');
        WriteText(fields, FieldName.ContentId, scratch, wire);
        wire.Append((byte)' ');
        WriteText(fields, FieldName.ContentDescription, scratch, wire);
        wire.Append((byte)' ');
        scratch.Text.Truncate(0);
        if (fields.TryFirst(FieldName.ContentTransferEncoding, out var value))
        {
            var text = new HeaderText(value);
            text.SkipBlanks();
            text.TryMimeToken(scratch.Text);
        }

        var name = scratch.Text.Length == 0 ? "7bit"u8 : scratch.Text.Written;
        WireText.AppendString(wire, name);
        return EncodingOf(name);
    }

    private static TransferEncoding EncodingOf(ReadOnlySpan<byte> name)
    {
        if (Ascii.EqualsIgnoreCase(name, "base64"u8))
            return TransferEncoding.Base64;
        if (Ascii.EqualsIgnoreCase(name, "quoted-printable"u8))
            return TransferEncoding.QuotedPrintable;
        return Ascii.EqualsIgnoreCase(name, "7bit"u8) || Ascii.EqualsIgnoreCase(name, "8bit"u8) || Ascii.EqualsIgnoreCase(name, "binary"u8)
            ? TransferEncoding.None
            : TransferEncoding.Unknown;
    }

    private static void WriteDisposition(KnownFields fields, MimeScratch scratch, OctetBuffer wire)
    {
        wire.Append((byte)' ');
        if (fields.TryLast(FieldName.ContentDisposition, out var value))
        {
            scratch.Text.Truncate(0);
            var text = new HeaderText(value);
            text.SkipBlanks();
            if (text.TryMimeToken(scratch.Text))
            {
                wire.Append((byte)'(');
                WireText.AppendString(wire, scratch.Text.Written);
                wire.Append((byte)' ');
                scratch.Parameters.Read(ref text);
                scratch.Parameters.Write(wire, charset: false);
                wire.Append((byte)')');
                return;
            }
        }

        wire.Append("NIL"u8);
    }

    /// <summary>Language tags (RFC 3282), comments left out.</summary>
    private static void WriteLanguages(KnownFields fields, MimeScratch scratch, OctetBuffer wire)
    {
        wire.Append((byte)' ');
        var start = wire.Length;
        if (fields.TryFirst(FieldName.ContentLanguage, out var value))
        {
            var text = new HeaderText(value);
            for (var count = 0; count < MimeLimits.MaxParameters; count++)
            {
                text.SkipBlanks();
                scratch.Text.Truncate(0);
                if (text.TryMimeToken(scratch.Text))
                {
                    wire.Append(wire.Length == start ? (byte)'(' : (byte)' ');
                    WireText.AppendString(wire, scratch.Text.Written);
                }

                text.SkipBlanks();
                if (!text.TryTake((byte)','))
                    break;
            }
        }

        wire.Append(wire.Length == start ? "NIL"u8 : ")"u8);
    }

    private static void WriteText(KnownFields fields, FieldName name, MimeScratch scratch, OctetBuffer wire)
    {
        if (fields.TryFirst(name, out var value))
            WireText.AppendString(wire, scratch.Unfold(value));
        else
            wire.Append("NIL"u8);
    }
}
