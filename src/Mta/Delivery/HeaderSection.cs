namespace MailSuite.Mta.Delivery;

/// <summary>The header section of a message (RFC 5322 §2.1).</summary>
internal static class HeaderSection
{
    /// <summary>Octets of the header section, the last field's CRLF included and the empty line not; all of it when there is no empty line.</summary>
    public static int LengthOf(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith("\r\n"u8))
            return 0;

        var end = message.IndexOf("\r\n\r\n"u8);
        return end < 0 ? message.Length : end + 2;
    }
}
