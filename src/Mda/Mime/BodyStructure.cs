using System.Text;

namespace MailSuite.Mda.Mime;

/// <summary>The structure of a message as FETCH gives it: BODYSTRUCTURE, and BODY, which is the same without extension data (RFC 9051 §7.5.2).</summary>
internal static class BodyStructure
{
    internal static void Write(MessageScanner message, OctetBuffer wire) => Write(message, message.Parts[0], wire);

    /// <summary>Makes BODY of BODYSTRUCTURE.</summary>
    /// <param name="structure">As <see cref="Write(MessageScanner, OctetBuffer)"/> wrote it.</param>
    internal static void WriteBody(ReadOnlySpan<byte> structure, OctetBuffer wire)
    {
        var source = new WireReader(structure);
        WriteBody(ref source, wire, depth: 0);
    }

    private static void Write(MessageScanner message, ScannedPart part, OctetBuffer wire)
    {
        var fragments = message.Scratch.Fragments;
        var content = part.Content;
        wire.Append((byte)'(');
        if (content.Kind == PartKind.Multipart)
        {
            // The grammar wants a part in each multipart (RFC 9051 §9, body-type-mpart): an empty text where there is none.
            if (part.End == part.Index + 1)
                wire.Append("(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL)"u8);
            for (var child = part.Index + 1; child < part.End; child = message.Parts[child].End)
                Write(message, message.Parts[child], wire);
            wire.Append((byte)' ');
            wire.Append(fragments[content.Basic]);
        }
        else
        {
            wire.Append(fragments[content.Basic]);
            wire.Append((byte)' ');
            wire.AppendNumber(part.BodyOctets);
            if (content.Kind == PartKind.Message)
            {
                var inner = message.Parts[part.Index + 1];
                wire.Append((byte)' ');
                wire.Append(fragments[inner.Envelope]);
                wire.Append((byte)' ');
                Write(message, inner, wire);
            }

            if (content.Kind is PartKind.Message or PartKind.Text)
            {
                wire.Append((byte)' ');
                wire.AppendNumber(part.BodyLines);
            }
        }

        wire.Append(fragments[content.Extension]);
        wire.Append((byte)')');
    }

    /// <param name="depth">Octets that a disk has damaged may nest deeper than anything that was written.</param>
    private static void WriteBody(ref WireReader source, OctetBuffer wire, int depth)
    {
        if (depth > MimeLimits.MaxDepth)
            return;
        source.Skip(1);
        wire.Append((byte)'(');
        if (source.Next == '(')
        {
            while (source.Next == '(' && depth < MimeLimits.MaxDepth)
                WriteBody(ref source, wire, depth + 1);
            source.Skip(1);
            wire.Append((byte)' ');
            wire.Append(source.TakeItem());
        }
        else
        {
            var type = source.TakeItem();
            wire.Append(type);
            source.Skip(1);
            var subtype = source.TakeItem();
            wire.Append((byte)' ');
            wire.Append(subtype);
            Copy(ref source, wire, 5);
            var message = Is(type, "\"message\""u8) && (Is(subtype, "\"rfc822\""u8) || Is(subtype, "\"global\""u8));
            if (message)
            {
                Copy(ref source, wire, 1);
                source.Skip(1);
                wire.Append((byte)' ');
                WriteBody(ref source, wire, depth + 1);
            }

            if (message || Is(type, "\"text\""u8))
                Copy(ref source, wire, 1);
        }

        while (source.Next is not ((byte)')' or 0))
        {
            source.Skip(1);
            source.TakeItem();
        }

        source.Skip(1);
        wire.Append((byte)')');
    }

    private static bool Is(ReadOnlySpan<byte> item, ReadOnlySpan<byte> quoted) => Ascii.EqualsIgnoreCase(item, quoted);

    private static void Copy(ref WireReader source, OctetBuffer wire, int items)
    {
        for (var i = 0; i < items; i++)
        {
            source.Skip(1);
            wire.Append((byte)' ');
            wire.Append(source.TakeItem());
        }
    }
}
