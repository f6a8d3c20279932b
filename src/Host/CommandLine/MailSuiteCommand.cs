using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using MailSuite.Host.Configuration;
using MailSuite.Host.Running;
using MailSuite.Mua;

namespace MailSuite.Host.CommandLine;

/// <summary>The command <c>mailsuite</c> with everything under it.</summary>
internal static class MailSuiteCommand
{
    private const string Examples = """

        Examples:
          mailsuite                                     catch mail on this machine
          mailsuite --port-offset 1000 dev              a second one beside it
          mailsuite serve --config /etc/mailsuite.json  run a mail server
          mailsuite send --to bob@example.org --subject Hello --body 'Hello, Bob.'
          mailsuite read list --account bob@example.org
          mailsuite trace MESSAGE-ID                    the way that a message took
          mailsuite route bob@example.net               the way that a message would take
          mailsuite queue list                          what waits to be sent, and why
          mailsuite store verify                        whether the message store is all right

        Exit codes: 0 done, 1 failed, 2 wrong usage, 69 no program runs, 75 try again later, 78 wrong configuration.
        """;

    public static RootCommand Create()
    {
        var root = new RootCommand("MailSuite: a whole mail system in one process. Without a command it runs the development profile.")
        {
            GlobalOptions.Data,
            GlobalOptions.PortOffset,
            GlobalOptions.Config,
            ServeCommand.Dev(),
            ServeCommand.Serve(),
            AccountCommand.Create(),
            ConfigCommand.Create(),
            HealthcheckCommand.Create(),
            MailboxCommand.Create(),
            RouteCommand.Create(),
            SmtpCommand.Create(),
            SendmailCommand.Create(),
            StoreCommand.Create(),
            VersionCommand.Create(),
        };
        ServeCommand.Complete(root, Profile.Development);
        foreach (var command in MuaModule.Commands(RunningPrograms.Find))
            root.Add(command);
        if (root.Options.OfType<HelpOption>().SingleOrDefault() is { Action: HelpAction help } option)
            option.Action = new HelpWithExamples(help, command => command == root ? Examples : MuaModule.ExamplesOf(command));
        return root;
    }

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var parsed = Create().Parse(arguments);
        // Signals are the host's business: it stops in order and this returns by itself. So are exceptions, for their messages.
        var invocation = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var problem in parsed.Errors)
                await error.WriteLineAsync($"mailsuite: {problem.Message}");
            await error.WriteLineAsync("Run mailsuite --help, or any command with --help, for what there is.");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (ConfigurationException e)
        {
            await error.WriteLineAsync($"mailsuite: the configuration has {(e.Mistakes.Count == 1 ? "a mistake" : $"{e.Mistakes.Count} mistakes")}:");
            foreach (var mistake in e.Mistakes)
                await error.WriteLineAsync($"  {mistake}");
            return ExitCodes.Configuration;
        }
        catch (StartException e)
        {
            await error.WriteLineAsync($"mailsuite: cannot start. {e.Message}");
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Failed;
        }
    }
}
