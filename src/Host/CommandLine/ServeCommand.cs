using System.CommandLine;
using MailSuite.Host.Configuration;
using MailSuite.Host.Running;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite dev</c> and <c>mailsuite serve</c>: run until told to stop.</summary>
internal static class ServeCommand
{
    private static readonly Option<string> LogFormatOption = new("--log-format")
    {
        Description = "How the log looks: human or json",
        HelpName = "FORMAT",
    };

    private static readonly Option<string> LogLevelOption = new("--log-level")
    {
        Description = "The least level that is logged: Trace, Debug, Information, Warning, Error",
        HelpName = "LEVEL",
    };

    static ServeCommand()
    {
        LogFormatOption.CompletionSources.Add("human", "json");
        LogLevelOption.CompletionSources.Add(Enum.GetNames<LogLevel>());
    }

    public static Command Dev()
    {
        var command = new Command("dev", "Catch mail on this machine: every address is local, any password signs in, nothing leaves (the default)");
        Complete(command, Profile.Development);
        return command;
    }

    public static Command Serve()
    {
        var command = new Command("serve", "Run as a mail server for the domains of a configuration file");
        Complete(command, Profile.Server);
        return command;
    }

    /// <summary>Lets a command run the program; the root does so too.</summary>
    public static void Complete(Command command, Profile profile)
    {
        command.Add(LogFormatOption);
        command.Add(LogLevelOption);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, profile, cancellationToken));
    }

    private static async Task<int> RunAsync(ParseResult parsed, Profile profile, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (profile == Profile.Server && GlobalOptions.ConfigOf(parsed) is null)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync("mailsuite serve needs a configuration file: mailsuite serve --config FILE. To try things without one, run: mailsuite dev");
            return ExitCodes.Usage;
        }

        var settings = GlobalOptions.Sources(parsed, profile,
            ("Log:Format", LogFormatOption.Name, parsed.GetValue(LogFormatOption)),
            ("Log:Level", LogLevelOption.Name, parsed.GetValue(LogLevelOption))).Read();
        await using var program = await MailSuiteProgram.StartAsync(settings, cancellationToken);
        if (settings.Log.Format == LogFormat.Human)
        {
            await output.WriteAsync(Banner.For(program));
            await output.FlushAsync(cancellationToken);
        }

        await program.WaitForShutdownAsync();
        return ExitCodes.Ok;
    }
}
