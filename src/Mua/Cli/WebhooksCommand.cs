using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MailSuite.Mua.Api;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua.Cli;

/// <summary><c>mailsuite webhooks</c>: how it goes with the webhooks of the running program, and a post to one of them to try it.</summary>
internal static class WebhooksCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "Its name in the settings" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    public static Command Create(Func<ParseResult, RunningProgram> find)
    {
        var list = new Command("list", "Say how many notices wait for each, and what went wrong last") { Json };
        list.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, async api =>
        {
            var webhooks = await api.WebhooksAsync(cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                parsed.GetValue(Json) ? JsonSerializer.Serialize(webhooks, CliJson.Default.IReadOnlyListWebhookView)
                : webhooks.Count == 0 ? "The settings have no webhooks."
                : string.Join(Environment.NewLine, webhooks.Select(Text)));
        }));
        var test = new Command("test", "Post a sample to one and show its answer; it is signed as all notices are") { Name, Json };
        test.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, async api =>
        {
            var name = parsed.GetRequiredValue(Name);
            var answer = await api.TryWebhookAsync(name, cancellationToken);
            if (parsed.GetValue(Json))
                await parsed.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(answer, CliJson.Default.WebhookTrialView));
            if (!answer.Taken)
                throw new CommandFailure(CommandExit.Failed, $"{name} has not taken the sample. {Said(answer)}");
            if (!parsed.GetValue(Json))
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{name} has taken the sample. {ConsoleText.Clean(Said(answer))}");
        }));
        return new Command("webhooks", "See and try who is told over HTTP what becomes of mail") { list, test };
    }

    private static string Said(WebhookTrialView answer) =>
        (answer.Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"HTTP {status} ") : "") + answer.Text;

    private static string Text(WebhookView hook)
    {
        var state = hook.Gone ? "gone (410): nothing is posted until the next start"
            : hook.PausedUntil is { } until ? $"paused until {Instant(until)}"
            : "ready";
        var lines = new List<string>
        {
            $"{hook.Name}  {hook.Place}  {string.Join(", ", hook.Events)}",
            string.Create(CultureInfo.InvariantCulture, $"  {state}; {hook.Waiting} waiting, {hook.Posted} posted, {hook.Lost} lost since the start"),
        };
        if (hook.LastPostedAt is { } posted)
            lines.Add($"  posted last: {Instant(posted)}");
        if (hook is { LastError: { } error, LastErrorAt: { } at })
            lines.Add($"  last error:  {Instant(at)} {ConsoleText.Clean(error)}");
        return string.Join(Environment.NewLine, lines);
    }

    private static string Instant(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
