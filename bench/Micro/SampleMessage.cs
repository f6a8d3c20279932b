using System.Text;

namespace MailSuite.Bench.Micro;

/// <summary>A message as they come: twelve header fields and 5 KiB of text in lines of 76 octets, some of which begin with a dot.</summary>
internal static class SampleMessage
{
    internal static byte[] Octets { get; } = Make();

    private static byte[] Make()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 3; i++)
            text.Append($"Received: from mx{i}.example.net (mx{i}.example.net [192.0.2.{i}])\r\n\tby mail.example.org with ESMTPS id ABCDEF{i};\r\n\tMon, 02 Jan 2006 15:04:05 +0000\r\n");
        text.Append("Message-ID: <20060102150405.1@example.net>\r\nDate: Mon, 02 Jan 2006 15:04:05 +0000\r\nFrom: =?utf-8?q?J=C3=B6rg?= <joerg@example.net>\r\n");
        text.Append("To: Ann <ann@example.org>\r\nSubject: =?utf-8?b?R3LDvMOfZSBhdXMgQmVybGlu?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
        for (var line = 0; text.Length < 5 * 1024; line++)
            text.Append(line % 20 == 0 ? '.' : 'a').Append('b', 73).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
