namespace MailSuite.Mda.Imap.Fetching;

/// <summary>Instants on the wire: <c>"24-Nov-2026 12:00:00 +0000"</c> (RFC 9051 §9, date-time), in UTC always.</summary>
internal static class WireDate
{
    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <param name="milliseconds">Since 1970, in UTC.</param>
    internal static void Write(ImapWriter writer, long milliseconds)
    {
        var instant = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;
        Span<byte> text = stackalloc byte[28];
        "\"00-Jan-0000 00:00:00 +0000\""u8.CopyTo(text);
        Put(text[1..], instant.Day, 2);
        Months.Slice((instant.Month - 1) * 3, 3).CopyTo(text[4..]);
        Put(text[8..], instant.Year, 4);
        Put(text[13..], instant.Hour, 2);
        Put(text[16..], instant.Minute, 2);
        Put(text[19..], instant.Second, 2);
        writer.Raw(text);
    }

    private static void Put(Span<byte> text, int number, int digits)
    {
        for (var i = digits - 1; i >= 0; i--)
        {
            text[i] = (byte)('0' + number % 10);
            number /= 10;
        }
    }
}
