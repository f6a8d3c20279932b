using System.CommandLine;
using MailSuite.Bench.Mailboxes.Wire;

namespace MailSuite.Bench.Mailboxes.Sync;

/// <summary>The command line of the synchronisation.</summary>
internal static class SyncCommand
{
    public static Command Make()
    {
        var target = new Target();
        var mbsync = new Option<string>("--mbsync") { Description = "The program that synchronises (Debian: isync).", DefaultValueFactory = _ => "mbsync" };
        var messages = Numbers.Option("--messages", "-m", "Messages in all.", 20_000, 1_000_000);
        var interruptions = Numbers.Option("--interruptions", "-i", "How often it is cut off.", 10, 1_000, min: 0);
        var kills = Numbers.Option("--kill", "-k", "Of these, how often it is the server that is killed.", 0, 1_000, min: 0);
        var seed = Numbers.Option("--seed", "-r", "Where chance begins.", 1, int.MaxValue);
        var command = new Command("sync", "Keeps a Maildir and a mailbox the same by mbsync, which is killed in the middle of it, while both sides are changed.")
        {
            mbsync, messages, interruptions, kills, seed,
        };
        foreach (var option in target.Options)
            command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) => target.UseAsync(parsed, parsed.GetValue(kills) > 0, async (server, child) =>
        {
            var directory = Directory.CreateTempSubdirectory("mailsuite-sync-");
            try
            {
                var plan = new SyncPlan(
                    parsed.GetValue(mbsync)!, target.User(parsed), target.Password(parsed), parsed.GetValue(messages), parsed.GetValue(interruptions), parsed.GetValue(kills), parsed.GetValue(seed), directory.FullName);
                var run = new SyncRun(plan, server, child is null ? null : child.KillAndStartAsync);
                Console.WriteLine(await run.RunAsync(Console.Error.WriteLine, cancellationToken));
                return 0;
            }
            catch (WrongAnswerException e)
            {
                Console.WriteLine(e.Message);
                return 1;
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        }, cancellationToken));
        return command;
    }
}
