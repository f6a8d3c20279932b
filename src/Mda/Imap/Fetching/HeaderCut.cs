using System.Text;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Mime;

namespace MailSuite.Mda.Imap.Fetching;

/// <summary>Cuts HEADER.FIELDS and HEADER.FIELDS.NOT out of a header (RFC 9051 §6.4.5.1).</summary>
internal static class HeaderCut
{
    /// <summary>The fields that are asked for, as they stand in the header, and the empty line.</summary>
    internal static void Write(OctetBuffer target, ReadOnlySpan<byte> header, SectionPath section)
    {
        var fields = new HeaderFields(header);
        while (fields.MoveNext())
        {
            if (Contains(section.Fields, fields.Name) != section.IsAllBut)
                target.Append(fields.Field);
        }

        target.Append("\r\n"u8);
    }

    private static bool Contains(IReadOnlyList<byte[]> names, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length == name.Length && Ascii.EqualsIgnoreCase(names[i], name))
                return true;
        }

        return false;
    }
}
