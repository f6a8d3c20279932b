using System.Text;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Dsn;

/// <summary>The part of a report that people read: what happened to whom, in whose words, and what can be done.</summary>
internal static class ReportText
{
    public static string Write(QueuedMessage message, string hostName, string? subject)
    {
        var text = new StringBuilder();
        text.Append(message.Recipients.Count == 1
            ? "Your message could not be delivered to this address:\r\n"
            : $"Your message could not be delivered to these {message.Recipients.Count} addresses:\r\n");
        foreach (var recipient in message.Recipients)
            Write(text, recipient);

        text.Append("\r\nThe message:\r\n");
        if (!string.IsNullOrWhiteSpace(subject))
            text.Append($"  Subject:  {subject.Trim()}\r\n");
        text.Append($"  Accepted: {message.AcceptedAt:yyyy-MM-dd HH:mm} UTC\r\n  Queue id: {message.Id}\r\n");
        text.Append($"\r\nNobody needs to answer this report. It was written by the mail system at {hostName}. Below are the details for\r\n"
            + "mail programs and the header of your message.\r\n");
        return text.ToString();
    }

    private static void Write(StringBuilder text, QueuedRecipient recipient)
    {
        text.Append($"\r\n  {recipient.Address.ToDisplayString()}\r\n");
        if (recipient.Last is not { } last)
            return;

        text.Append($"    {last.Reason} ({last.Status})\r\n");
        if (last.RemoteReply is not null)
        {
            text.Append(last.RemoteHost is null ? "    The answer was:\r\n" : $"    The words of {last.RemoteHost}:\r\n");
            foreach (var line in last.RemoteReply.Split('\n'))
                text.Append($"      {line}\r\n");
        }

        text.Append($"    {Advice(last.Status)}\r\n");
    }

    private static string Advice(EnhancedStatusCode status) => status switch
    {
        { Subject: 1, Detail: 2 or 10 } => "Check the part of the address behind the @.",
        { Subject: 1 } => "Check the spelling of the address, or ask the recipient in another way.",
        { Subject: 2, Detail: 2 } => "The mailbox is full. Ask the recipient in another way, or send again later.",
        { Subject: 2, Detail: 3 } or { Subject: 3, Detail: 4 } => "Send a smaller message, for example with a link in place of the attachment.",
        { Subject: 4, Detail: 6 } => "The postmaster of the recipient's domain, or of this host, must correct a setting.",
        { Subject: 4 } => "The other mail system could not be reached. Send again later, or ask the recipient in another way.",
        { Subject: 6 } => "The other mail system cannot take a message of this form. Send it without special characters or in another format.",
        { Subject: 7 } => "The other mail system did not permit it. Its words above may say why; its postmaster can say more.",
        _ => "The words above are all that is known; the postmaster of the recipient's domain can say more.",
    };
}
