using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua.Cli.Queue;

/// <summary><c>mailsuite queue</c>: what waits, why, and what is to be done with it.</summary>
internal static class QueueCommand
{
    public const string Name = "queue";

    public const string Examples = """

        Examples:
          mailsuite queue list                                   what waits, the oldest first
          mailsuite queue list --domain example.net --watch      the same, again and again
          mailsuite queue list --state held --json
          mailsuite queue list --done --recipient bob@example.net   what became of it
          mailsuite queue show 1M864WF3GCGN4TCB                  one message, with its way
          mailsuite queue stats                                  by destination and age
          mailsuite queue flush                                  try everything now
          mailsuite queue hold --sender spammer@example.org      neither try it nor give it up
          mailsuite queue release --all
          mailsuite queue reroute --domain example.net --to relay.example.org:2525
          mailsuite queue reroute --domain example.net --normal  where routing leads again
          mailsuite queue drop --older 3d --error 'no such user' --report
          mailsuite queue suppressions list                      addresses to which nothing is sent
          mailsuite queue suppressions remove bob@example.net

        An order is on disk when it is answered. It is for every recipient that all the options given fit; --all means the whole queue.
        Exit codes: 0 done, 1 failed, or nothing was meant, 2 wrong usage, 69 no program runs, 75 not all could be written: try again.
        """;

    private const int DefaultLimit = 100;

    /// <summary>Destinations that are shown on a terminal.</summary>
    private const int DestinationsShown = 25;

    private static readonly Option<int> Limit = new("--limit", "-n")
    {
        Description = "Messages at most; 0 for all",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultLimit,
    };

    private static readonly Option<QueueSort> Sort = new("--sort")
    {
        Description = "oldest, newest, or next: what is tried next first",
        HelpName = "ORDER",
        CustomParser = result =>
        {
            var word = result.Tokens[0].Value;
            QueueSort? sort = word.ToLowerInvariant() switch { "oldest" => QueueSort.Oldest, "newest" => QueueSort.Newest, "next" => QueueSort.NextAttempt, _ => null };
            if (sort is null)
                result.AddError($"'{word}' is no order: it is oldest, newest or next.");
            return sort ?? QueueSort.Oldest;
        },
    };

    private static readonly Option<bool> Done = new("--done") { Description = "Messages that are done, the last first, and what became of them" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    private static readonly Option<bool> Raw = new("--raw") { Description = "Print the octets of the message as they are sent" };

    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "With the protocol lines of each step of its way" };

    private static readonly Option<int?> Watch = new("--watch", "-w")
    {
        Description = "Again and again, every so many seconds, until Ctrl+C",
        HelpName = "SECONDS",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? 2 : int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600
            ? seconds
            : Wrong(result, "--watch takes a number of seconds from 1 to 3600."),
    };

    private static readonly Argument<string> Id = new("ID") { Description = "The queue id" };

    static QueueCommand() => Limit.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && !int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            result.AddError("--limit is a number, 0 for all.");
    });

    public static Command Create(Func<ParseResult, RunningProgram> find)
    {
        var list = new Command("list", "List what waits, and why") { Done, Sort, Limit, Watch, Json };
        QueueFilterOptions.AddTo(list);
        list.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, api => parsed.GetValue(Done) ? ListDoneAsync(api, parsed, cancellationToken) : ListAsync(api, parsed, cancellationToken)));
        var show = new Command("show", "Show one message, in the queue or done, with its way") { Id, Raw, Verbose, Json };
        show.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, api => ShowAsync(api, parsed, cancellationToken)));
        var stats = new Command("stats", "Count what waits, by destination and age") { Watch, Json };
        QueueFilterOptions.AddTo(stats);
        stats.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, api => StatsAsync(api, parsed, cancellationToken)));

        var queue = new Command(Name, "See what waits to be sent, and rule it") { list, show, stats };
        foreach (var order in QueueOrderCommands.Create(find))
            queue.Add(order);
        queue.Add(SuppressionCommands.Create(find));
        return queue;
    }

    private static async Task ListAsync(ApiClient api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        await ShowAsync(api, parsed, AskAsync, queue => QueueTable.Of(queue.Messages, queue.Now, CaptionOf(queue.Messages.Count, queue.IsAll)), queue =>
        {
            if (parsed.GetValue(Json))
                output.WriteLine(JsonSerializer.Serialize(queue.Messages, CliJson.Default.IReadOnlyListQueuedMail));
            else
                QueueTable.WriteLines(output, queue.Messages);
        }, cancellationToken);

        async Task<(IReadOnlyList<QueuedMail> Messages, bool IsAll, DateTimeOffset Now)> AskAsync(CancellationToken token)
        {
            var filter = await QueueFilterOptions.ReadAsync(parsed, api, token);
            var (all, more) = await CollectAsync(parsed, async (limit, cursor) =>
            {
                var page = await api.QueueAsync(filter, new QueuePageRequest(limit, cursor) { Sort = parsed.GetValue(Sort) }, token);
                return (page.Messages, page.Next);
            });
            return (all, !more, (await api.ClockAsync(token)).Now);
        }
    }

    private static async Task ListDoneAsync(ApiClient api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        await ShowAsync(api, parsed, AskAsync, done => QueueTable.Of(done.Messages, done.Now, CaptionOf(done.Messages.Count, done.IsAll)), done =>
        {
            if (parsed.GetValue(Json))
                output.WriteLine(JsonSerializer.Serialize(done.Messages, CliJson.Default.IReadOnlyListRetiredMail));
            else
                QueueTable.WriteLines(output, done.Messages);
        }, cancellationToken);

        async Task<(IReadOnlyList<RetiredMail> Messages, bool IsAll, DateTimeOffset Now)> AskAsync(CancellationToken token)
        {
            var filter = await QueueFilterOptions.ReadRetiredAsync(parsed, api, token);
            var (all, more) = await CollectAsync(parsed, async (limit, cursor) =>
            {
                var page = await api.RetiredAsync(filter, new RetiredPageRequest(limit, cursor), token);
                return (page.Messages, page.Next);
            });
            return (all, !more, (await api.ClockAsync(token)).Now);
        }
    }

    private static async Task StatsAsync(ApiClient api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        await ShowAsync(api, parsed, async token => await api.QueueStatsAsync(await QueueFilterOptions.ReadAsync(parsed, api, token), token),
            summary => QueueStatsText.Of(summary, DestinationsShown), summary =>
            {
                if (parsed.GetValue(Json))
                    output.WriteLine(JsonSerializer.Serialize(summary, CliJson.Default.QueueSummary));
                else
                    QueueStatsText.WriteLines(output, summary);
            }, cancellationToken);
    }

    private static async Task ShowAsync(ApiClient api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var id = parsed.GetRequiredValue(Id);
        if (parsed.GetValue(Raw))
        {
            await using var output = Console.OpenStandardOutput();
            await api.CopyQueuedAsync(id, output, cancellationToken);
            return;
        }

        var message = await api.QueuedMessageAsync(id, cancellationToken);
        var view = new QueueMessageView(message, await api.JourneysAsync(message.Mail.Journey, cancellationToken));
        if (parsed.GetValue(Json))
            await parsed.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(view, CliJson.Default.QueueMessageView));
        else
            QueueMessageText.Write(parsed.InvocationConfiguration.Output, view, (await api.ClockAsync(cancellationToken)).Now, parsed.GetValue(Verbose));
    }

    /// <summary>Shows something once, or again and again.</summary>
    private static async Task ShowAsync<T>(
        ApiClient api, ParseResult parsed, Func<CancellationToken, Task<T>> ask, Func<T, Spectre.Console.Rendering.IRenderable> draw, Action<T> write, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        var isDrawn = ConsoleText.IsForPeople(output) && !parsed.GetValue(Json);
        if (parsed.GetResult(Watch) is not null)
            await LiveView.RunAsync(isDrawn ? output : TextWriter.Synchronized(output), TimeSpan.FromSeconds(parsed.GetValue(Watch) ?? 2), ask, draw, write, cancellationToken);
        else if (isDrawn)
            ConsoleText.On(output).Write(draw(await ask(cancellationToken)));
        else
            write(await ask(cancellationToken));
    }

    /// <summary>Asks for page after page until there are enough.</summary>
    /// <returns>What there is, and whether there is more.</returns>
    private static async Task<(IReadOnlyList<T> All, bool More)> CollectAsync<T>(ParseResult parsed, Func<int, string?, Task<(IReadOnlyList<T> Page, string? Next)>> ask)
    {
        var limit = parsed.GetValue(Limit) is > 0 and var given ? given : int.MaxValue;
        var all = new List<T>();
        string? cursor = null;
        do
        {
            (var page, cursor) = await ask(Math.Min(limit - all.Count, QueuePageRequest.MaxLimit), cursor);
            all.AddRange(page);
        }
        while (cursor is not null && all.Count < limit);
        return (all, cursor is not null);
    }

    private static string CaptionOf(int count, bool isAll) =>
        $"{count:N0} message{(count == 1 ? "" : "s")}{(isAll ? "" : "; there are more: --limit N, --limit 0 for all, mailsuite queue stats for a count")}";

    private static int? Wrong(System.CommandLine.Parsing.ArgumentResult result, string what)
    {
        result.AddError(what);
        return null;
    }
}
