using System.Globalization;
using MailSuite.Mua.Api;
using MailSuite.Shared.Journey;
using Spectre.Console;

namespace MailSuite.Mua.Cli;

/// <summary>Journeys as timelines: one step a line, with the role that did it, and below it why and in which words.</summary>
internal static class JourneyTimeline
{
    private const string Indent = "                              ";

    public static void Write(TextWriter output, IReadOnlyList<JourneyView> journeys, bool withDialogue)
    {
        var console = ConsoleText.On(output);
        if (!ConsoleText.IsForPeople(output))
            console.Profile.Width = int.MaxValue / 4;
        foreach (var journey in journeys)
            Write(console, journey, withDialogue);
    }

    private static void Write(IAnsiConsole console, JourneyView journey, bool withDialogue)
    {
        console.MarkupLine($"[bold]{Text(journey.Subject is { Length: > 0 } subject ? subject : "(no subject)")}[/]  {Text(journey.MessageId is { } id ? $"<{id}>" : "")}");
        console.MarkupLine($"{Text(journey.ReversePath ?? "?")} → {Text(string.Join(", ", journey.Recipients))}{(journey.QueueId is { } queueId ? $"  queue id {Text(queueId)}" : "")}");
        foreach (var step in journey.Events)
        {
            var time = step.At.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
            console.MarkupLine($"  {time}  {NameOf(step.Role),-4} {ColourOf(step.Step)}{step.Step,-10}[/] {Text(step.Summary)}");
            if (step.Reason is { } reason)
                console.MarkupLine($"{Indent}[dim]because: {Text(reason)}[/]");
            if (step.Related is { } related)
                console.MarkupLine($"{Indent}[dim]see also: mailsuite trace {Text(related)}[/]");
            foreach (var line in withDialogue ? step.Dialogue : [])
                console.MarkupLine($"{Indent}[dim]{(line.FromClient ? "C:" : "S:")} {Text(line.Text)}[/]");
        }

        console.WriteLine();
    }

    private static string Text(string text) => Markup.Escape(ConsoleText.Clean(text));

    /// <summary>The abbreviations of RFC 5598.</summary>
    private static string NameOf(MailRole role) => role == MailRole.MessageStore ? "MS" : role.ToString().ToUpperInvariant();

    private static string ColourOf(JourneyStep step) => step switch
    {
        JourneyStep.Refused or JourneyStep.Bounced => "[red]",
        JourneyStep.Deferred => "[yellow]",
        JourneyStep.Relayed or JourneyStep.Delivered or JourneyStep.Filed or JourneyStep.Shown => "[green]",
        _ => "[blue]",
    };
}
