using System.Globalization;
using MailSuite.Mua.Api;
using MailSuite.Shared.Contracts.Mta;
using Spectre.Console;

namespace MailSuite.Mua.Cli.Queue;

/// <summary>One message of the queue, or one that is done, with its way: what <c>queue show --json</c> prints.</summary>
internal sealed record QueueMessageView(QueuedMailDetail Message, IReadOnlyList<JourneyView> Journeys);

/// <summary>The same for people.</summary>
internal static class QueueMessageText
{
    public static void Write(TextWriter output, QueueMessageView view, DateTimeOffset now, bool withDialogue)
    {
        var console = ConsoleText.On(output);
        if (!ConsoleText.IsForPeople(output))
            console.Profile.Width = int.MaxValue / 4;
        var (mail, message) = (view.Message.Mail, view.Message);
        Line("Queue id", mail.Id);
        Line("From", mail.ReversePath);
        Line("Accepted", $"{When(mail.AcceptedAt)}, {QueueTable.Ago(mail.AcceptedAt, now)}");
        if (message.FinishedAt is { } finished)
            Line("Done", $"{When(finished)}, {QueueTable.Ago(finished, now)}");
        Line("Size", ConsoleText.Size(mail.Octets));
        if (message.HoldUntil is { } hold)
            Line("Not before", $"{When(hold)}, as its sender asked");
        if (message.DeliverBy is { } by)
            Line("Deliver by", $"{When(by)}, as its sender asked");
        if (message.Priority != 0)
            Line("Priority", message.Priority.ToString(CultureInfo.InvariantCulture));
        if (message.EnvelopeId is { } envelope)
            Line("Envelope id", envelope);
        if (message.Related is { } related)
            Line("Speaks of", $"mailsuite trace {related}");

        console.WriteLine();
        foreach (var recipient in mail.Recipients)
        {
            console.MarkupLine($"[bold]{QueueTable.Text(recipient.Address)}[/]  {QueueTable.StateOf(recipient.State)}{Next(recipient)}{Tries(recipient)}");
            if (recipient.NextHop is { } hop)
                console.MarkupLine($"    by way of {QueueTable.Text(hop)}");
            if (recipient.Reason is { } reason)
            {
                foreach (var line in reason.Split('\n'))
                    console.MarkupLine($"    {QueueTable.Text(line)}");
            }
        }

        if (message.Header is { Length: > 0 } header)
        {
            console.WriteLine();
            foreach (var line in header.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
                console.MarkupLine($"[dim]{QueueTable.Text(line.Replace("\t", "    ", StringComparison.Ordinal))}[/]");
        }

        console.WriteLine();
        JourneyTimeline.Write(output, view.Journeys, withDialogue);

        void Line(string name, string text) => console.MarkupLine($"{name + ":",-13}{QueueTable.Text(text)}");

        string Next(QueuedMailRecipient recipient) => recipient.NextAttemptAt is { } next ? $", tried {QueueTable.In(next, now)}" : "";

        string Tries(QueuedMailRecipient recipient) => recipient.Attempts == 0 ? "" : $", {recipient.Attempts} tr{(recipient.Attempts == 1 ? "y" : "ies")}"
            + (recipient.LastAttemptAt is { } last ? $", the last {QueueTable.Ago(last, now)}{(recipient.RemoteHost is { } host ? $" at {QueueTable.Text(host)}" : "")}" : "");
    }

    private static string When(DateTimeOffset at) => at.ToLocalTime().ToString("d MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture);
}
