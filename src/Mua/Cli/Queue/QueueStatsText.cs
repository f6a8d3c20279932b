using System.Globalization;
using MailSuite.Shared.Contracts.Mta;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MailSuite.Mua.Cli.Queue;

/// <summary>The queue by destination and age, as qshape(1) of Postfix shows it.</summary>
internal static class QueueStatsText
{
    private static readonly string[] Ages = [.. QueueSummary.AgeLimits.Select(limit => string.Create(CultureInfo.InvariantCulture, $"{(int)limit.TotalMinutes}")),
        string.Create(CultureInfo.InvariantCulture, $"{(int)QueueSummary.AgeLimits[^1].TotalMinutes}+")];

    public static IRenderable Of(QueueSummary summary, int destinations)
    {
        var table = new Table { Border = TableBorder.Rounded, Caption = new TableTitle(Markup.Escape(Caption(summary, destinations))) };
        table.AddColumn("Destination");
        table.AddColumn(new TableColumn("All").RightAligned());
        foreach (var age in Ages)
            table.AddColumn(new TableColumn(age).RightAligned());
        table.AddColumns("Oldest", "Next", "Last error");
        table.AddRow(["[bold]all[/]", Number(summary.Recipients), .. summary.Ages.Select(Number)]);
        foreach (var one in summary.Destinations.Take(destinations))
        {
            table.AddRow([
                QueueTable.Text((one.IsRerouted ? "by way of " : "") + one.Destination), Number(one.Recipients), .. one.Ages.Select(Number),
                QueueTable.Ago(one.OldestAt, summary.At), NextOf(one, summary.At), QueueTable.Text(one.LastError)]);
        }

        return table;
    }

    /// <summary>A line for each destination, the first for all of them: name, recipients, then their number by age, oldest, next attempt, last error.</summary>
    public static void WriteLines(TextWriter output, QueueSummary summary)
    {
        output.WriteLine(string.Join('\t', ["destination", "all", .. Ages, "oldest", "next", "error"]));
        output.WriteLine(string.Join('\t', ["*", summary.Recipients, .. summary.Ages, "-", "-", "-"]));
        foreach (var one in summary.Destinations)
        {
            output.WriteLine(string.Join('\t', [
                ConsoleText.Clean(one.Destination), one.Recipients, .. one.Ages, QueueTable.Instant(one.OldestAt),
                one.NextAttemptAt is { } next ? QueueTable.Instant(next) : "-", ConsoleText.Clean(one.LastError ?? "-")]));
        }

        if (summary.IsPartial)
            output.WriteLine($"# counted is the older part of a queue of {summary.MessagesInQueue} messages: all of it takes longer than one answer may");
    }

    private static string Caption(QueueSummary summary, int shown) =>
        $"{summary.Messages:N0} messages, {summary.Recipients:N0} recipients ({summary.States.Waiting:N0} waiting, {summary.States.Held:N0} held, "
        + $"{summary.States.Failed:N0} failed, {summary.States.Undeliverable:N0} undeliverable), {ConsoleText.Size(summary.Octets)}; ages in minutes"
        + (summary.DestinationCount > shown ? $"; {shown} of {summary.DestinationCount:N0} destinations" : "")
        + (summary.IsPartial ? $". Counted is the older part of a queue of {summary.MessagesInQueue:N0} messages." : "");

    private static string NextOf(DestinationSummary one, DateTimeOffset now) =>
        one.DeadUntil is { } until ? $"[red]dead, {QueueTable.In(until, now)}[/]"
        : one.NextAttemptAt is { } next ? QueueTable.In(next, now)
        : one.States.Held > 0 ? "[blue]held[/]"
        : "";

    private static string Number(long number) => number == 0 ? "[dim]·[/]" : number.ToString("N0", CultureInfo.InvariantCulture);
}
