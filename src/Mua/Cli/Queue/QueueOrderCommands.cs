using System.CommandLine;
using MailSuite.Mua.Api;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua.Cli.Queue;

/// <summary>The commands that change what is in the queue.</summary>
internal static class QueueOrderCommands
{
    private static readonly Option<bool> All = new("--all") { Description = "The whole queue" };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask whether you are sure" };

    private static readonly Option<bool> Report = new("--report") { Description = "Send each sender a report that it was given up" };

    private static readonly Option<string> To = new("--to", "-t") { Description = "A host, an [address], either with :port, or the name of a transport", HelpName = "HOP" };

    private static readonly Option<bool> Normal = new("--normal") { Description = "Where routing leads again" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the outcome as JSON" };

    public static IEnumerable<Command> Create(Func<ParseResult, RunningProgram> find)
    {
        var flush = new Command("flush", "Try now all that waits, or all that the options name") { Json };
        QueueFilterOptions.AddTo(flush);
        Run(flush, _ => QueueAction.Retry);
        yield return flush;
        yield return Order("retry", "Try messages now", _ => QueueAction.Retry);
        yield return Order("hold", "Hold messages: they are neither tried nor given up until they are released", _ => QueueAction.Hold);
        yield return Order("release", "Release messages that are held, and try them now", _ => QueueAction.Release);

        var drop = Order("drop", "Give messages up, for good", parsed => parsed.GetValue(Report) ? QueueAction.Return : QueueAction.Drop);
        drop.Add(Report);
        drop.Add(Yes);
        yield return drop;

        var reroute = Order("reroute", "Send messages another way", _ => QueueAction.Reroute);
        reroute.Add(To);
        reroute.Add(Normal);
        reroute.Validators.Add(result =>
        {
            if (result.GetResult(To) is null == result.GetResult(Normal) is null)
                result.AddError("Say where: --to HOP, or --normal for where routing leads.");
        });
        yield return reroute;

        Command Order(string name, string description, Func<ParseResult, QueueAction> action)
        {
            var command = new Command(name, description) { All, Json };
            QueueFilterOptions.AddTo(command);
            command.Validators.Add(result =>
            {
                if (result.GetValue(All) == QueueFilterOptions.Any(result))
                    result.AddError("Say which messages: by ID, by options such as --domain, or --all for the whole queue.");
            });
            Run(command, action);
            return command;
        }

        void Run(Command command, Func<ParseResult, QueueAction> action) => command.SetAction(
            (parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, api => RunAsync(api, parsed, action(parsed), cancellationToken)));
    }

    private static async Task RunAsync(ApiClient api, ParseResult parsed, QueueAction action, CancellationToken cancellationToken)
    {
        var filter = await QueueFilterOptions.ReadAsync(parsed, api, cancellationToken);
        if (action is QueueAction.Drop or QueueAction.Return && !parsed.GetValue(Yes))
            await ConfirmAsync(api, parsed, filter, cancellationToken);

        var order = new QueueOrder(action, $"{Environment.UserName} on the command line") { NextHop = action == QueueAction.Reroute ? parsed.GetValue(To) : null };
        var error = parsed.InvocationConfiguration.Error;
        var showsProgress = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        var last = new QueueOrderLine(QueueOrderState.Running, 0, 0, null);
        await foreach (var line in api.OrderAsync(order, filter, cancellationToken))
        {
            last = line;
            if (showsProgress && line.State == QueueOrderState.Running)
                await error.WriteAsync($"\r{line.Recipients:N0} recipients of {line.Messages:N0} messages …");
        }

        if (showsProgress)
            await error.WriteAsync("\r\u001b[K");
        await ReportAsync(parsed, action, filter, last);
    }

    /// <summary>Asks before more than one message is given up.</summary>
    private static async Task ConfirmAsync(ApiClient api, ParseResult parsed, QueueFilter filter, CancellationToken cancellationToken)
    {
        var meant = await api.QueueStatsAsync(filter, cancellationToken);
        if (meant.Messages <= 1)
            return;

        await parsed.InvocationConfiguration.Error.WriteAsync(
            $"This gives up {(meant.IsPartial ? "more than " : "")}{meant.Messages:N0} messages for {meant.Recipients:N0} recipients, and there is no way back. Type yes to go on: ");
        if (Console.In.ReadLine()?.Trim() is not "yes")
            throw new CommandFailure(CommandExit.Failed, "nothing was given up. With --yes it is not asked.");
    }

    private static async Task ReportAsync(ParseResult parsed, QueueAction action, QueueFilter filter, QueueOrderLine last)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(Json))
            await output.WriteLineAsync(System.Text.Json.JsonSerializer.Serialize(last, CliJsonLines.Default.QueueOrderLine));
        else if (last.State != QueueOrderState.Refused)
            await output.WriteLineAsync($"{Done(action)}: {last.Messages:N0} message{(last.Messages == 1 ? "" : "s")}, {last.Recipients:N0} recipient{(last.Recipients == 1 ? "" : "s")}.");

        switch (last.State)
        {
            case QueueOrderState.Refused:
                throw new CommandFailure(CommandExit.Failed, last.Reason ?? "The order was refused.");
            case QueueOrderState.Interrupted:
                throw new CommandFailure(CommandExit.TryAgain, $"The rest could not be written: {last.Reason} Give the order again.");
            case QueueOrderState.Running:
                throw new CommandFailure(CommandExit.TryAgain, "The program went away before all of it was done. Give the order again.");
            case QueueOrderState.Done when last.Recipients == 0 && !filter.IsEverything:
                throw new CommandFailure(CommandExit.Failed, "Nothing in the queue is meant by that, or it is so already. See mailsuite queue list.");
        }
    }

    private static string Done(QueueAction action) => action switch
    {
        QueueAction.Retry => "Tried now",
        QueueAction.Hold => "Held",
        QueueAction.Release => "Released",
        QueueAction.Drop => "Dropped",
        QueueAction.Return => "Given up, their senders get a report",
        _ => "Rerouted",
    };
}
