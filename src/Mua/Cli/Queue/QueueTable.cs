using System.Globalization;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mta;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MailSuite.Mua.Cli.Queue;

/// <summary>What is in the queue, and what is done: a table for people, lines with tabs for programs.</summary>
internal static class QueueTable
{
    private const int MaxReason = 120;

    public static IRenderable Of(IReadOnlyList<QueuedMail> queue, DateTimeOffset now, string caption)
    {
        var table = new Table { Border = TableBorder.Rounded, Caption = new TableTitle(Markup.Escape(caption)) };
        table.AddColumns("Queue id", "Since", "From", "To", "State", "Next", "Tries", "Last");
        foreach (var mail in queue)
        {
            var isFirst = true;
            foreach (var recipient in mail.Recipients)
            {
                table.AddRow(
                    isFirst ? mail.Id : "", isFirst ? Ago(mail.AcceptedAt, now) : "", isFirst ? Text(mail.ReversePath) : "", Text(recipient.Address), StateOf(recipient.State),
                    Next(recipient, now), recipient.Attempts.ToString(CultureInfo.InvariantCulture), Text(Short(recipient.Reason)));
                isFirst = false;
            }

            if (mail.RecipientCount > mail.Recipients.Count)
                table.AddRow("", "", "", $"and {mail.RecipientCount - mail.Recipients.Count} more");
        }

        return table;
    }

    /// <summary>Queue id, state, accepted, next attempt, attempts, octets, sender, recipient, last outcome; a line for each recipient.</summary>
    public static void WriteLines(TextWriter output, IReadOnlyList<QueuedMail> queue)
    {
        foreach (var mail in queue)
        {
            foreach (var recipient in mail.Recipients)
            {
                output.WriteLine(string.Join('\t',
                    mail.Id, recipient.State.ToString().ToLowerInvariant(), Instant(mail.AcceptedAt), recipient.NextAttemptAt is { } next ? Instant(next) : "-", recipient.Attempts, mail.Octets,
                    ConsoleText.Clean(mail.ReversePath), ConsoleText.Clean(recipient.Address), ConsoleText.Clean(recipient.Reason ?? "-")));
            }
        }
    }

    public static IRenderable Of(IReadOnlyList<RetiredMail> done, DateTimeOffset now, string caption)
    {
        var table = new Table { Border = TableBorder.Rounded, Caption = new TableTitle(Markup.Escape(caption)) };
        table.AddColumns("Queue id", "Done", "Took", "From", "To", "Came to", "Last");
        foreach (var mail in done)
        {
            var isFirst = true;
            foreach (var recipient in mail.Recipients)
            {
                table.AddRow(
                    isFirst ? mail.Id : "", isFirst ? Ago(mail.FinishedAt, now) : "", isFirst ? Length(mail.FinishedAt - mail.AcceptedAt) : "", isFirst ? Text(mail.ReversePath) : "",
                    Text(recipient.Address), StateOf(recipient.State), Text(Short(recipient.Reply ?? recipient.Status)));
                isFirst = false;
            }
        }

        return table;
    }

    /// <summary>Queue id, what became of it, accepted, done, octets, sender, recipient, host, reply; a line for each recipient.</summary>
    public static void WriteLines(TextWriter output, IReadOnlyList<RetiredMail> done)
    {
        foreach (var mail in done)
        {
            foreach (var recipient in mail.Recipients)
            {
                output.WriteLine(string.Join('\t',
                    mail.Id, recipient.State.ToString().ToLowerInvariant(), Instant(mail.AcceptedAt), Instant(mail.FinishedAt), mail.Octets,
                    ConsoleText.Clean(mail.ReversePath), ConsoleText.Clean(recipient.Address), recipient.Host ?? "-", ConsoleText.Clean(recipient.Reply ?? recipient.Status ?? "-")));
            }
        }
    }

    public static string Ago(DateTimeOffset at, DateTimeOffset now) => at > now ? "just now" : $"{Length(now - at)} ago";

    public static string In(DateTimeOffset at, DateTimeOffset now) => at <= now ? "now" : $"in {Length(at - now)}";

    /// <summary>The two largest units: <c>2 h 5 min</c>.</summary>
    public static string Length(TimeSpan length)
    {
        var step = length >= TimeSpan.FromDays(1) ? TimeSpan.FromHours(1) : length >= TimeSpan.FromHours(1) ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1);
        return ClockText.Of(TimeSpan.FromTicks(length.Ticks - (length.Ticks % step.Ticks)));
    }

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static string Text(string? text) => Markup.Escape(ConsoleText.Clean(text ?? ""));

    public static string StateOf(QueueState state) => state switch
    {
        QueueState.Waiting => "[yellow]waiting[/]",
        QueueState.Held => "[blue]held[/]",
        QueueState.Delivered => "[green]delivered[/]",
        QueueState.FailedSilently => "[red]failed, nobody told[/]",
        QueueState.Dropped => "[blue]dropped[/]",
        _ => $"[red]{state.ToString().ToLowerInvariant()}[/]",
    };

    private static string Next(QueuedMailRecipient recipient, DateTimeOffset now) =>
        recipient.NextAttemptAt is { } next ? In(next, now) + (recipient.NextHop is { } hop ? $" by {Text(hop)}" : "") : "";

    private static string? Short(string? text) => text?.Length > MaxReason ? text[..MaxReason] + "…" : text;
}
