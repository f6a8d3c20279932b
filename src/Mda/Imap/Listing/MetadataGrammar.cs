using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Listing;

/// <summary>The grammar of annotations (RFC 5464 §5).</summary>
internal static class MetadataGrammar
{
    /// <summary>One entry, or several between parentheses.</summary>
    public static bool TryEntries(ref ImapParser parser, int most, out List<MetadataEntry> entries)
    {
        entries = [];
        if (!parser.TryOpen())
            return TryAdd(ref parser, entries);

        do
        {
            if (entries.Count >= most || !TryAdd(ref parser, entries))
                return false;
        }
        while (parser.TrySpace());

        return parser.TryClose();
    }

    /// <summary>The pairs of SETMETADATA between parentheses.</summary>
    public static bool TryChanges(ref ImapParser parser, out List<AnnotationChange> changes)
    {
        changes = [];
        if (!parser.TryOpen())
            return false;

        do
        {
            if (changes.Count >= Annotations.MaxChanges || !parser.TryAString(out var name) || !MetadataEntry.TryParse(name, out var entry) || !parser.TrySpace())
                return false;
            if (parser.TryLiteral8(out var value) || parser.TryQuoted(out value))
                changes.Add(new AnnotationChange(entry, value.ToArray()));
            else if (parser.TryWord("NIL"u8))
                changes.Add(new AnnotationChange(entry, null));
            else
                return false;
        }
        while (parser.TrySpace());

        return parser.TryClose();
    }

    /// <summary>Writes entries with their values; one that is not there has NIL.</summary>
    public static void Write(ImapWriter writer, string mailbox, IReadOnlyList<(string Entry, byte[]? Value)> values)
    {
        writer.Raw("* METADATA "u8).Mailbox(mailbox).Space().Open();
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
                writer.Space();
            writer.AString(values[i].Entry).Space();
            if (values[i].Value is not { } value)
                writer.Nil();
            else if (value.AsSpan().Contains((byte)0))
                writer.Literal8(value);
            else
                writer.String(value);
        }

        writer.Close().Crlf();
    }

    private static bool TryAdd(ref ImapParser parser, List<MetadataEntry> entries)
    {
        if (!parser.TryAString(out var name) || !MetadataEntry.TryParseAsked(name, out var entry))
            return false;
        entries.Add(entry);
        return true;
    }
}
