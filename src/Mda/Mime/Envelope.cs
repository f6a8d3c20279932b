namespace MailSuite.Mda.Mime;

/// <summary>The envelope of a message as FETCH gives it (RFC 9051 §7.5.2). Encoded-words stay as they are.</summary>
internal static class Envelope
{
    internal static void Write(KnownFields fields, MimeScratch scratch, OctetBuffer wire)
    {
        wire.Append((byte)'(');
        WriteText(fields, FieldName.Date, scratch, wire);
        wire.Append((byte)' ');
        WriteText(fields, FieldName.Subject, scratch, wire);
        wire.Append((byte)' ');
        var from = wire.Length;
        WriteAddresses(fields, FieldName.From, scratch, wire);
        var author = wire.Since(from);
        WriteAddressesOr(author, fields, FieldName.Sender, scratch, wire);
        WriteAddressesOr(author, fields, FieldName.ReplyTo, scratch, wire);
        foreach (var name in (ReadOnlySpan<FieldName>)[FieldName.To, FieldName.Cc, FieldName.Bcc])
        {
            wire.Append((byte)' ');
            WriteAddresses(fields, name, scratch, wire);
        }

        wire.Append((byte)' ');
        WriteText(fields, FieldName.InReplyTo, scratch, wire);
        wire.Append((byte)' ');
        WriteText(fields, FieldName.MessageId, scratch, wire);
        wire.Append((byte)')');
    }

    /// <summary>NIL for a field that is absent, an empty string for one that is empty.</summary>
    private static void WriteText(KnownFields fields, FieldName name, MimeScratch scratch, OctetBuffer wire)
    {
        if (fields.TryLast(name, out var value))
            WireText.AppendString(wire, scratch.Unfold(value));
        else
            wire.Append("NIL"u8);
    }

    /// <summary>The author where there is no such address (RFC 9051 §7.5.2).</summary>
    private static void WriteAddressesOr(Slice author, KnownFields fields, FieldName name, MimeScratch scratch, OctetBuffer wire)
    {
        wire.Append((byte)' ');
        if (!WriteAddresses(fields, name, scratch, wire))
        {
            wire.Truncate(wire.Length - 3);
            // The buffer may move while it grows, so its own octets are not handed to it before there is room.
            wire.Reserve(author.Length);
            wire.Append(wire[author]);
        }
    }

    /// <summary>Those of all fields of this name, as if they stood in one: nobody is shown another author than the one that was checked.</summary>
    /// <returns>Whether there was any; else NIL was written.</returns>
    private static bool WriteAddresses(KnownFields fields, FieldName name, MimeScratch scratch, OctetBuffer wire)
    {
        var start = wire.Length;
        var left = MimeLimits.MaxAddresses;
        wire.Append((byte)'(');
        foreach (var field in fields)
        {
            if (field.Name == name)
                left -= AddressList.Write(fields.ValueOf(field), wire, scratch.Text, scratch.Comment, left);
        }

        if (left < MimeLimits.MaxAddresses)
        {
            wire.Append((byte)')');
            return true;
        }

        wire.Truncate(start);
        wire.Append("NIL"u8);
        return false;
    }
}
