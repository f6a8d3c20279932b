using System.Text;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary>The header of a message as its fields, each with its octets as they came (RFC 5322 §2.2).</summary>
/// <param name="Fields">In order.</param>
/// <param name="HeadOctets">Where the body begins, the empty line passed over.</param>
/// <param name="IsWhole">Whether the end of the header was there; a header that is still coming may be read again with more octets.</param>
internal sealed record HeadFields(IReadOnlyList<HeadField> Fields, int HeadOctets, bool IsWhole)
{
    /// <summary>Reads a header. A first line <c>From …</c> of an mbox is dropped; the first line that can be no field begins the body.</summary>
    /// <param name="message">The message with CRLF line ends, or its beginning.</param>
    public static HeadFields Read(ReadOnlySpan<byte> message)
    {
        var fields = new List<HeadField>();
        var (name, start) = ("", 0);
        for (var at = 0; ;)
        {
            var rest = message[at..];
            var end = rest.IndexOf("\r\n"u8);
            var line = end < 0 ? [] : rest[..(end + 2)];
            var next = "";
            var isFolded = name.Length > 0 && line is [(byte)' ' or (byte)'\t', ..];
            if (!isFolded && name.Length > 0)
            {
                fields.Add(new HeadField(name, message[start..at].ToArray()));
                name = "";
            }

            if (end < 0)
                return new HeadFields(fields, at, IsWhole: false);
            if (end == 0)
                return new HeadFields(fields, at + 2, IsWhole: true);
            var isOfMbox = at == 0 && (line.StartsWith("From "u8) || line.StartsWith(">From "u8));
            if (!isFolded && !isOfMbox && !TryName(line, out next))
                return new HeadFields(fields, at, IsWhole: true);
            if (next.Length > 0)
                (name, start) = (next, at);
            at += line.Length;
        }
    }

    public bool Has(string name) => Fields.Any(field => field.Is(name));

    /// <summary>field-name = 1*ftext, blanks before the colon being obsolete and allowed (RFC 5322 §3.6.8, §4.5).</summary>
    private static bool TryName(ReadOnlySpan<byte> line, out string name)
    {
        name = "";
        var colon = line.IndexOf((byte)':');
        if (colon < 1)
            return false;

        var octets = line[..colon].TrimEnd(" \t"u8);
        if (octets.IsEmpty || octets.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            return false;
        name = Encoding.ASCII.GetString(octets);
        return true;
    }
}

/// <param name="Octets">The whole field with its continuation lines and its last CRLF.</param>
internal sealed record HeadField(string Name, byte[] Octets)
{
    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>What follows the colon.</summary>
    public ReadOnlySpan<byte> Body => Octets.AsSpan(Octets.AsSpan().IndexOf((byte)':') + 1);
}
