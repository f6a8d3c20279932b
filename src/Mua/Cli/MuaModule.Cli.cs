using System.CommandLine;
using MailSuite.Mua.Cli;
using MailSuite.Mua.Cli.Queue;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua;

public static partial class MuaModule
{
    /// <summary>The commands of the mail user agent: <c>send</c>, <c>read</c>, <c>trace</c>, <c>queue</c>, <c>clock</c>, <c>webhooks</c>. They talk to a running program.</summary>
    /// <param name="find">Finds that program by the options that all commands share.</param>
    public static IEnumerable<Command> Commands(Func<ParseResult, RunningProgram> find) =>
        [SendCommand.Create(find), ReadCommand.Create(find), TraceCommand.Create(find), QueueCommand.Create(find), ClockCommand.Create(find), WebhooksCommand.Create(find)];

    /// <summary>Lines to copy for the help of a command; <see langword="null"/> where there are none.</summary>
    public static string? ExamplesOf(Command command) => command.Name == QueueCommand.Name ? QueueCommand.Examples : null;
}
