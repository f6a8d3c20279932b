using System.Buffers;
using System.Text;

namespace MailSuite.Mda.Mime;

/// <summary>HEADER.FIELDS and HEADER.FIELDS.NOT (RFC 9051 §6.4.5.1).</summary>
internal static class HeaderSelection
{
    /// <summary>Writes the fields that have one of the names, or those that have none of them, and the empty line where the header has one.</summary>
    /// <remarks>A line that is no field has no name.</remarks>
    internal static void Write(ReadOnlySpan<byte> header, IReadOnlyList<byte[]> names, bool not, IBufferWriter<byte> to)
    {
        var fields = new HeaderFields(header);
        var at = 0;
        while (fields.MoveNext())
        {
            at += fields.Field.Length;
            if (IsAmong(fields.Name, names) != not)
                to.Write(fields.Field);
        }

        to.Write(header[at..]);
    }

    private static bool IsAmong(ReadOnlySpan<byte> name, IReadOnlyList<byte[]> names)
    {
        foreach (var one in names)
        {
            if (Ascii.EqualsIgnoreCase(name, one))
                return true;
        }

        return false;
    }
}
