using System.CommandLine;
using System.Globalization;

namespace MailSuite.Bench.Mailboxes.Mix;

/// <summary>The command line of the mixed load.</summary>
internal static class MixCommand
{
    private static readonly TimeSpan Progress = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressInLog = TimeSpan.FromSeconds(30);

    public static Command Make()
    {
        var target = new Target();
        var tls = new Option<bool>("--tls") { Description = "TLS from the first octet." };
        var sessions = Numbers.Option("--sessions", "-s", "Connections at once.", 50, 1_000);
        var mailboxes = Numbers.Option("--mailboxes", "-b", "Mailboxes that they share.", 4, 100);
        var messages = Numbers.Option("--messages", "-m", "Messages of a mailbox above which more go than come.", 300, 100_000);
        var seconds = Numbers.Option("--seconds", "-t", "How long the load lasts.", 600, 86_400);
        var pause = Numbers.Option("--pause", "-w", "The longest pause of a session between two commands, in milliseconds.", 0, 60_000, min: 0);
        var seed = Numbers.Option("--seed", "-r", "Where chance begins.", 1, int.MaxValue);
        var dovecot = new Option<bool>("--spare-dovecot") { Description = "Leave out what Dovecot 2.3 is known to answer wrongly, to try this tool on it." };
        var kills = Numbers.Option("--kill", "-k", "Kill the program so often meanwhile (SIGKILL), and start it again.", 0, 100_000, min: 0);
        var command = new Command("mix", "Many IMAP sessions on a few shared mailboxes, each of which checks every answer against what it was told before.")
        {
            tls, sessions, mailboxes, messages, seconds, pause, seed, dovecot, kills,
        };
        foreach (var option in target.Options)
            command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var plan = new MixPlan(
                target.User(parsed), target.Password(parsed), parsed.GetValue(tls), parsed.GetValue(sessions), parsed.GetValue(mailboxes), parsed.GetValue(messages),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)), TimeSpan.FromMilliseconds(parsed.GetValue(pause)), parsed.GetValue(seed), parsed.GetValue(dovecot), parsed.GetValue(kills) > 0);
            return target.UseAsync(parsed, plan.IsKilled, async (server, child) =>
            {
                var run = new MixRun(plan, server);
                var working = child is null ? run.RunAsync(restart: null, static () => false, cancellationToken) : RunOwnAsync(run, plan, child, parsed.GetValue(kills), cancellationToken);
                await ShowAsync(run, working);
                var verdict = await working;
                Console.WriteLine(verdict);
                return verdict.First is null ? 0 : 1;
            }, cancellationToken);
        });
        return command;
    }

    /// <summary>With kills the load lasts until the last of them, otherwise for its time.</summary>
    public static async Task<MixVerdict> RunOwnAsync(MixRun run, MixPlan plan, Child child, int kills, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var killing = KillRun.KillAsync(run, child, kills, plan.Seed, over.Token);
        var verdict = await run.RunAsync(child.RestartAsync, () => kills > 0 && killing.IsCompleted, cancellationToken);
        await over.CancelAsync();
        await killing;
        return verdict;
    }

    private static async Task ShowAsync(MixRun run, Task working)
    {
        var isLog = Console.IsErrorRedirected;
        using var timer = new PeriodicTimer(isLog ? ProgressInLog : Progress);
        while (!working.IsCompleted)
        {
            await Task.WhenAny(working, timer.WaitForNextTickAsync().AsTask());
            var progress = string.Create(CultureInfo.InvariantCulture, $"{run.Counts.GetValueOrDefault("responses")} responses, {run.Counts.GetValueOrDefault("messages appended")} messages appended");
            await Console.Error.WriteAsync(isLog ? progress + "\n" : $"\r\e[K{progress}");
        }

        await Console.Error.WriteLineAsync();
    }
}
