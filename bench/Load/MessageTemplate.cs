using System.Globalization;
using System.Text;

namespace MailSuite.Bench.Load;

/// <summary>Makes messages of one size that differ in their Message-ID, already dot-stuffed and ended.</summary>
internal sealed class MessageTemplate(int octets)
{
    private const int LineOctets = 76;

    private readonly byte[] _body = MakeBody(octets);

    /// <summary>The message for the wire with its final dot; its size without the dot is the one asked for, or that of the header.</summary>
    internal byte[] Make(string id, string recipient)
    {
        var header = Encoding.ASCII.GetBytes(
            $"Message-ID: <{id}>\r\nDate: Mon, 02 Jan 2006 15:04:05 +0000\r\nFrom: Load <load@client.test>\r\nTo: <{recipient}>\r\nSubject: load {id}\r\n\r\n");
        var body = _body.AsSpan(0, Math.Max(0, octets - header.Length - 2));
        byte[] message = [.. header, .. body, .. "\r\n.\r\n"u8];
        return message;
    }

    internal static string NewId(string run, int number) => string.Create(CultureInfo.InvariantCulture, $"{run}.{number}@client.test");

    private static byte[] MakeBody(int octets)
    {
        var body = new byte[Math.Max(octets, 1)];
        for (var i = 0; i < body.Length; i++)
            body[i] = (i % LineOctets) switch { LineOctets - 2 => (byte)'\r', LineOctets - 1 => (byte)'\n', var column => (byte)('a' + (column + i / LineOctets) % 26) };

        // A body that is cut within a line end would leave a CR alone before the last CRLF.
        for (var i = 1; i < body.Length; i++)
        {
            if (body[i] == '\n' && body[i - 1] != '\r')
                body[i] = (byte)'x';
        }

        return body;
    }
}
