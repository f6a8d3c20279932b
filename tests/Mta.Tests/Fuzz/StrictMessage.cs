namespace MailSuite.Mta.Tests.Fuzz;

/// <summary>How a message that ends with a dot is read by the letter of RFC 5321 §4.5.2, all at once; and one that comes by BDAT is judged.</summary>
internal static class StrictMessage
{
    internal enum End
    {
        /// <summary>The input is over before the message is.</summary>
        Missing,

        Dot,
        BareLineEnd,
        LineTooLong,
    }

    /// <param name="content">The message as far as it came, without its dots.</param>
    /// <param name="consumed">Octets up to the end, or all.</param>
    public static End Read(ReadOnlySpan<byte> input, int maxLineOctets, out byte[] content, out int consumed)
    {
        var message = new List<byte>();
        var at = 0;
        while (true)
        {
            var rest = input[at..];
            var stuffed = rest is [(byte)'.', ..];
            if (stuffed)
                rest = rest[1..];
            var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
            (content, consumed) = ([.. message], input.Length);
            if ((end < 0 ? rest.Length : end) > maxLineOctets - 2)
                return End.LineTooLong;
            if (end < 0 || (rest[end] == '\r' && end + 1 == rest.Length))
                return End.Missing;
            if (rest[end] == '\n' || rest[end + 1] != '\n')
                return End.BareLineEnd;
            at += end + 2 + (stuffed ? 1 : 0);
            consumed = at;
            if (stuffed && end == 0)
                return End.Dot;
            message.AddRange(rest[..(end + 2)]);
        }
    }

    /// <summary>Whether octets are whole lines, the last perhaps without its end.</summary>
    /// <param name="headerOnly">Up to the empty line only.</param>
    public static bool IsText(ReadOnlySpan<byte> octets, int maxLineOctets, bool headerOnly)
    {
        while (!octets.IsEmpty)
        {
            var end = octets.IndexOfAny((byte)'\r', (byte)'\n');
            if ((end < 0 ? octets.Length : end) > maxLineOctets - 2)
                return false;
            if (end < 0)
                return true;
            if (octets[end] != '\r' || end + 1 == octets.Length || octets[end + 1] != '\n')
                return false;
            if (end == 0 && headerOnly)
                return true;
            octets = octets[(end + 2)..];
        }

        return true;
    }
}
