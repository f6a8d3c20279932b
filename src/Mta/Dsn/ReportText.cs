using System.Text;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Dsn;

/// <summary>The part of a report that people read: what happened to whom, in whose words, and what can be done.</summary>
internal static class ReportText
{
    public static string Subject(ReportKind kind) => kind switch
    {
        ReportKind.Failed => "Your message could not be delivered",
        ReportKind.Delayed => "Your message is delayed",
        _ => "Your message has arrived",
    };

    public static string Write(QueuedMessage message, ReportKind kind, string hostName, string? subject, bool isWhole, DateTimeOffset retriedUntil)
    {
        var text = new StringBuilder();
        var addresses = message.Recipients.Count == 1 ? "this address" : $"these {message.Recipients.Count} addresses";
        text.Append(kind switch
        {
            ReportKind.Failed => $"Your message could not be delivered to {addresses}:\r\n",
            ReportKind.Delayed => $"Your message has not been delivered yet to {addresses}. It is tried further until\r\n{retriedUntil:yyyy-MM-dd HH:mm} UTC; you need not send it again.\r\n",
            _ => $"You asked to be told what became of your message to {addresses}:\r\n",
        });
        foreach (var recipient in message.Recipients)
            Write(text, recipient, kind);

        text.Append("\r\nThe message:\r\n");
        if (!string.IsNullOrWhiteSpace(subject))
            text.Append($"  Subject:  {subject.Trim()}\r\n");
        text.Append($"  Accepted: {message.AcceptedAt:yyyy-MM-dd HH:mm} UTC\r\n  Queue id: {message.Id}\r\n");
        text.Append($"\r\nNobody needs to answer this report. It was written by the mail system at {hostName}. Below are the details for\r\n"
            + $"mail programs and {(isWhole ? "your message" : "the header of your message")}.\r\n");
        return text.ToString();
    }

    private static void Write(StringBuilder text, QueuedRecipient recipient, ReportKind kind)
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

        if (kind == ReportKind.Failed)
            text.Append($"    {Advice(last.Status)}\r\n");
        else if (recipient.State == RecipientState.RelayedUntold)
            text.Append("    That host may not tell you more: whether it arrives in the mailbox, only the recipient can say.\r\n");
    }

    private static string Advice(EnhancedStatusCode status) => status switch
    {
        { Subject: 1, Detail: 2 or 10 } => "Check the part of the address behind the @.",
        { Subject: 1 } => "Check the spelling of the address, or ask the recipient in another way.",
        { Subject: 2, Detail: 2 } => "The mailbox is full. Ask the recipient in another way, or send again later.",
        { Subject: 2, Detail: 3 } or { Subject: 3, Detail: 4 } => "Send a smaller message, for example with a link in place of the attachment.",
        { Subject: 3, Detail: 3 } => "Send it again without the request that the other mail system does not know.",
        { Subject: 4, Detail: 6 } => "The postmaster of the recipient's domain, or of this host, must correct a setting.",
        { Subject: 4 } => "The other mail system could not be reached. Send again later, or ask the recipient in another way.",
        { Subject: 6 } => "The other mail system cannot take a message of this form. Send it without special characters or in another format.",
        { Subject: 7 } => "The other mail system did not permit it. Its words above may say why; its postmaster can say more.",
        _ => "The words above are all that is known; the postmaster of the recipient's domain can say more.",
    };
}
