using System.Globalization;
using System.Text;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary>The queue as mailq(1) shows it.</summary>
internal static class QueueText
{
    public static string Of(IReadOnlyList<QueuedMail> queue, TimeZoneInfo zone)
    {
        if (queue.Count == 0)
            return "Mail queue is empty\n";

        var text = new StringBuilder("-Queue ID-------- --Size-- ----Arrival Time---- -Sender/Recipient-------\n");
        foreach (var mail in queue)
        {
            var at = TimeZoneInfo.ConvertTime(mail.AcceptedAt, zone);
            text.Append(CultureInfo.InvariantCulture, $"{mail.Id,-17} {mail.Octets,8} {at:ddd MMM dd HH:mm:ss}  {ConsoleText.Clean(mail.ReversePath)}\n");
            string? reason = null;
            foreach (var recipient in mail.Recipients)
            {
                if (recipient.Reason is { } why && why != reason)
                    text.Append("    (").Append(ConsoleText.Clean(why)).Append(")\n");
                reason = recipient.Reason ?? reason;
                text.Append(' ', 47).Append(ConsoleText.Clean(recipient.Address)).Append('\n');
            }

            text.Append('\n');
        }

        var kib = (queue.Sum(mail => mail.Octets) + 1023) / 1024;
        text.Append(CultureInfo.InvariantCulture, $"-- {kib} Kbytes in {queue.Count} Request{(queue.Count == 1 ? "" : "s")}.\n");
        return text.ToString();
    }
}
