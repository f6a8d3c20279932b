using System.Globalization;
using System.Text;

namespace MailSuite.Bench.Mailboxes.Model;

/// <summary>Messages that follow from their identity, so that every octet of one that comes back can be checked.</summary>
internal static class MessageText
{
    /// <summary>One message in so many is large.</summary>
    private const int LargeOneIn = 100;

    /// <param name="identity">run.number; stands in the subject, in the Message-ID and in the body.</param>
    public static string Make(string identity)
    {
        var number = int.Parse(identity.AsSpan(identity.LastIndexOf('.') + 1), CultureInfo.InvariantCulture);
        var lines = number % LargeOneIn == LargeOneIn - 1 ? 2_000 : 5 + number * 7 % 60;
        var text = new StringBuilder(200 + lines * 60);
        text.Append(CultureInfo.InvariantCulture, $"From: Mix <mix@client.test>\r\nTo: Box <box@bench.test>\r\nSubject: {identity}\r\nMessage-ID: <{identity}@client.test>\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Date: Tue, {number % 28 + 1:00} Nov 2026 10:{number % 60:00}:00 +0000\r\nMIME-Version: 1.0\r\n");
        var isMultipart = number % 4 == 1;
        if (isMultipart)
            text.Append("Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n");
        text.Append("Content-Type: text/plain; charset=utf-8\r\n\r\n");
        for (var line = 0; line < lines; line++)
            text.Append(CultureInfo.InvariantCulture, $"{identity} line {line}: the quick brown fox {number * 31 + line}\r\n");
        if (isMultipart)
            text.Append(CultureInfo.InvariantCulture, $"--b\r\nContent-Type: text/html\r\n\r\n<p>{identity}</p>\r\n--b--\r\n");
        return text.ToString();
    }
}
