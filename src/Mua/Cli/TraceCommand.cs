using System.CommandLine;
using System.Text.Json;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua.Cli;

/// <summary><c>mailsuite trace</c>: the way that a message took.</summary>
internal static class TraceCommand
{
    private static readonly Argument<string[]> Query = new("MESSAGE-ID")
    {
        Description = "A Message-ID, a queue id, a journey id, an address, or words of the subject",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "With the protocol lines of each step" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    public static Command Create(Func<ParseResult, RunningProgram> find)
    {
        var command = new Command("trace", "Show the way of a message: who handed it to whom, when and why") { Query, Verbose, Json };
        command.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, async api =>
        {
            var query = string.Join(' ', parsed.GetRequiredValue(Query));
            var journeys = await api.JourneysAsync(query, cancellationToken);
            if (parsed.GetValue(Json))
                await parsed.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(journeys, CliJson.Default.IReadOnlyListJourneyView));
            else if (journeys.Count > 0)
                JourneyTimeline.Write(parsed.InvocationConfiguration.Output, journeys, parsed.GetValue(Verbose));
            if (journeys.Count == 0)
                throw new CommandFailure(CommandExit.Failed, $"No message is known by '{query}'. Journeys are kept for a time; an event may take a second to appear.");
        }));
        return command;
    }
}
