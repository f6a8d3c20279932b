using System.CommandLine;
using System.Text.Json;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using Spectre.Console;

namespace MailSuite.Mua.Cli.Queue;

/// <summary><c>mailsuite queue suppressions</c>: the addresses to which nothing is sent, because their hosts do not know them.</summary>
internal static class SuppressionCommands
{
    private static readonly Argument<EnvelopeAddress[]> Addresses = new("ADDRESS")
    {
        Description = "Mail addresses",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var addresses = new List<EnvelopeAddress>();
            foreach (var token in result.Tokens)
            {
                if (EnvelopeAddress.TryParse(token.Value, out var address))
                    addresses.Add(address);
                else
                    result.AddError($"'{token.Value}' is no mail address. Write for example ann@example.org.");
            }

            return [.. addresses];
        },
    };

    private static readonly Argument<string> Text = new("TEXT") { Description = "Part of the address", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<string> Reason = new("--reason") { Description = "Why, for whoever looks at the list", HelpName = "TEXT", DefaultValueFactory = _ => "Added on the command line" };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask whether you are sure" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    public static Command Create(Func<ParseResult, RunningProgram> find)
    {
        var list = new Command("list", "List the addresses, why, and until when") { Text, Json };
        Run(list, ListAsync);
        var add = new Command("add", "Send nothing to an address any more") { Addresses, Reason };
        Run(add, async (api, parsed, cancellationToken) =>
        {
            foreach (var address in parsed.GetRequiredValue(Addresses))
            {
                await api.SuppressAsync(address, parsed.GetValue(Reason) ?? "", cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"Nothing is sent to {address} any more.");
            }
        });
        var remove = new Command("remove", "Send to an address again") { Addresses };
        Run(remove, async (api, parsed, cancellationToken) =>
        {
            foreach (var address in parsed.GetRequiredValue(Addresses))
            {
                await api.UnsuppressAsync(address, cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"Mail to {address} is sent again.");
            }
        });
        var clear = new Command("clear", "Send to all addresses again") { Yes };
        Run(clear, ClearAsync);
        return new Command("suppressions", "Addresses to which nothing is sent, because their hosts do not know them") { list, add, remove, clear };

        void Run(Command command, Func<ApiClient, ParseResult, CancellationToken, Task> work) =>
            command.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, api => work(api, parsed, cancellationToken)));
    }

    private static async Task ClearAsync(ApiClient api, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!parsed.GetValue(Yes))
        {
            await parsed.InvocationConfiguration.Error.WriteAsync("This takes every address off the list. Type yes to go on: ");
            if (Console.In.ReadLine()?.Trim() is not "yes")
                throw new CommandFailure(CommandExit.Failed, "the list is as it was. With --yes it is not asked.");
        }

        await parsed.InvocationConfiguration.Output.WriteLineAsync($"{(await api.ClearSuppressionsAsync(cancellationToken)).Count:N0} addresses were taken off the list.");
    }

    private static async Task ListAsync(ApiClient api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var all = new List<Suppression>();
        IReadOnlyList<Suppression> page;
        do
            all.AddRange(page = await api.SuppressionsAsync(parsed.GetValue(Text), all.Count > 0 ? all[^1].Address : null, cancellationToken));
        while (page.Count == QueuePageRequest.MaxLimit);

        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(Json))
            await output.WriteLineAsync(JsonSerializer.Serialize(all, CliJson.Default.IReadOnlyListSuppression));
        else if (ConsoleText.IsForPeople(output))
            ConsoleText.On(output).Write(TableOf(all, (await api.ClockAsync(cancellationToken)).Now));
        else
        {
            foreach (var one in all)
                await output.WriteLineAsync(string.Join('\t', ConsoleText.Clean(one.Address), QueueTable.Instant(one.Since), one.Until is { } until ? QueueTable.Instant(until) : "-", one.QueueId ?? "-", ConsoleText.Clean(one.RemoteReply ?? one.Reason)));
        }
    }

    private static Table TableOf(List<Suppression> all, DateTimeOffset now)
    {
        var table = new Table { Border = TableBorder.Rounded, Caption = new TableTitle($"{all.Count:N0} address{(all.Count == 1 ? "" : "es")}") };
        table.AddColumns("Address", "Since", "Forgotten", "Queue id", "Why");
        foreach (var one in all)
            table.AddRow(QueueTable.Text(one.Address), QueueTable.Ago(one.Since, now), one.Until is { } until ? QueueTable.In(until, now) : "never", one.QueueId ?? "", QueueTable.Text(one.RemoteReply ?? one.Reason));
        return table;
    }
}
