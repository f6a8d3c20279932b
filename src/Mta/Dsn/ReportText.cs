using System.Globalization;
using System.Text;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Dsn;

/// <summary>The part of a report that people read: what happened to whom, at which host, in whose words, what that means and what can be done.</summary>
/// <param name="hostName">Ours.</param>
/// <param name="subject">Of the message; <see langword="null"/> for none.</param>
/// <param name="isWhole">Whether the report brings the whole message back, and not its header alone.</param>
/// <param name="retriedUntil">When it is given up.</param>
internal sealed class ReportText(QueuedMessage message, ReportKind kind, string hostName, string? subject, bool isWhole, DateTimeOffset retriedUntil)
{
    /// <summary>Characters of the message's subject that the report's repeats.</summary>
    private const int MaxSubjectCharacters = 100;

    /// <summary>Lines of a host's reply; what it says beyond them nobody reads.</summary>
    private const int MaxReplyLines = 50;

    /// <summary>A report whose failed message had a null reverse-path: it is the postmaster's to read.</summary>
    private bool IsOfReport => kind == ReportKind.Failed && message.ReversePath.IsNull;

    private string Whom => message.Recipients.Count == 1 ? message.Recipients[0].Address.ToDisplayString() : string.Create(CultureInfo.InvariantCulture, $"{message.Recipients.Count} addresses");

    public string Subject()
    {
        var told = kind switch
        {
            ReportKind.Failed => IsOfReport ? $"Undeliverable report to {Whom}" : $"Not delivered to {Whom}",
            ReportKind.Delayed => $"Not yet delivered to {Whom}",
            _ when message.Recipients.All(recipient => recipient.State == RecipientState.RelayedUntold) => $"Sent on to {Whom}",
            _ => $"Delivered to {Whom}",
        };
        var original = subject?.Trim();
        return string.IsNullOrEmpty(original) ? told : $"{told}: {Cut(original)}";
    }

    public string Write()
    {
        var text = new StringBuilder();
        var addresses = message.Recipients.Count == 1 ? "this address" : string.Create(CultureInfo.InvariantCulture, $"these {message.Recipients.Count} addresses");
        text.Append(kind switch
        {
            ReportKind.Failed when IsOfReport =>
                $"A message that has no sender to be told, such as a report, could not be delivered to {addresses}.\r\n"
                + "It is brought to you because nobody else may hear of it (RFC 5321 §4.5.5, §6.1); there will be no other report.\r\n",
            ReportKind.Failed => $"Your message could not be delivered to {addresses}. It is not tried any more.\r\n",
            ReportKind.Delayed => $"Your message has not been delivered yet to {addresses}. It is tried further until\r\n{Time(retriedUntil)}; you need not send it again.\r\n",
            _ => $"You asked to be told what became of your message to {addresses}.\r\n",
        });
        foreach (var recipient in message.Recipients)
            Write(text, recipient);
        WriteFailedBefore(text);

        text.Append("\r\nThe message:\r\n");
        if (!string.IsNullOrWhiteSpace(subject))
            text.Append($"  Subject:  {subject.Trim()}\r\n");
        text.Append($"  Accepted: {Time(message.AcceptedAt)}\r\n  Queue id: {message.Id}\r\n");
        text.Append($"\r\nNobody needs to answer this report. It was written by the mail system at {hostName}. Below are the details for\r\n"
            + $"mail programs and {(isWhole ? "your message" : "the header of your message")}.\r\n");
        return text.ToString();
    }

    private void Write(StringBuilder text, QueuedRecipient recipient)
    {
        text.Append($"\r\n  {recipient.Address.ToDisplayString()}\r\n");
        if (recipient.Recipient.OriginalRecipient is { } original && !string.Equals(original.Address, recipient.Address.ToString(), StringComparison.OrdinalIgnoreCase))
            text.Append($"    You wrote to {original.Address}, which leads there.\r\n");
        if (recipient.Last is not { } last)
            return;

        text.Append($"    What happened: {last.Reason} ({last.Status})\r\n");
        text.Append($"    When: {Time(recipient.LastAttemptAt ?? message.AcceptedAt)}{Tries(recipient.Attempts)}\r\n");
        if (last.RemoteReply is not null)
        {
            text.Append(last.RemoteHost is null ? "    The answer was:\r\n" : $"    The words of {last.RemoteHost}:\r\n");
            foreach (var line in last.RemoteReply.Split('\n', MaxReplyLines + 1).Take(MaxReplyLines))
                text.Append($"      {line}\r\n");
        }

        if (kind == ReportKind.Succeeded)
        {
            if (recipient.State == RecipientState.RelayedUntold)
                text.Append("    That host may not tell you more: whether it arrives in the mailbox, only the recipient can say.\r\n");
            return;
        }

        var meaning = StatusMeaning.Of(last.Status);
        text.Append($"    What it means: {meaning.Meaning}\r\n");
        text.Append(kind == ReportKind.Failed ? $"    What to do: {meaning.Advice}\r\n" : "    What to do: Nothing now. You will be told if it cannot be delivered.\r\n");
    }

    /// <summary>Whoever reads only the last report learns from it what became of all: who failed earlier was told at once, and is told of here once more.</summary>
    private void WriteFailedBefore(StringBuilder text)
    {
        if (message.FailedBefore.Count == 0)
            return;

        text.Append("\r\nAn earlier report has told you that it could not be delivered to\r\n");
        foreach (var recipient in message.FailedBefore)
        {
            text.Append($"\r\n  {recipient.Address.ToDisplayString()}\r\n");
            if (recipient.Last is { } last)
                text.Append($"    What happened: {last.Reason} ({last.Status})\r\n    When: {Time(recipient.LastAttemptAt ?? message.AcceptedAt)}\r\n");
        }
    }

    private static string Tries(int attempts) => attempts > 1 ? string.Create(CultureInfo.InvariantCulture, $", the last of {attempts} attempts") : "";

    private static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Cut(string text) =>
        text.Length <= MaxSubjectCharacters ? text : text[..(MaxSubjectCharacters - (char.IsHighSurrogate(text[MaxSubjectCharacters - 1]) ? 1 : 0))] + "\u2026";
}
