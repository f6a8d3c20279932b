using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MailSuite.Mua.Api;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua.Cli;

/// <summary><c>mailsuite read</c>: lists, shows and searches messages.</summary>
internal static class ReadCommand
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 500;

    private static readonly Option<EnvelopeAddress> Account = AddressOption.Create("--account", "Whose mail", "-a", recursive: true);

    private static readonly Option<string> Mailbox = new("--mailbox", "-m")
    {
        Description = "The mailbox",
        HelpName = "NAME",
        DefaultValueFactory = _ => "INBOX",
    };

    private static readonly Option<int> Limit = new("--limit", "-n")
    {
        Description = $"Messages at most, 1 to {MaxLimit}",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultLimit,
    };

    private static readonly Option<uint?> Before = new("--before") { Description = "Only messages below this UID: the next page", HelpName = "UID" };

    private static readonly Option<string> Subject = new("--subject", "-s") { Description = "Words of the subject", HelpName = "WORDS" };

    private static readonly Option<string> From = new("--from", "-f") { Description = "Words of the sender's name or address", HelpName = "WORDS" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON", Recursive = true };

    private static readonly Option<bool> Raw = new("--raw") { Description = "Print the octets of the message as they were received" };

    private static readonly Argument<uint> Uid = new("UID") { Description = "The message, as the list numbers it" };

    private static readonly Argument<string[]> Words = new("WORDS") { Description = "Words of the subject, the sender, the recipients or the text", Arity = ArgumentArity.ZeroOrMore };

    static ReadCommand() => Limit.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit is < 1 or > MaxLimit))
            result.AddError($"--limit is a number from 1 to {MaxLimit}.");
    });

    public static Command Create(Func<ParseResult, RunningProgram> find)
    {
        var list = new Command("list", "List the newest messages of a mailbox") { Mailbox, Limit, Before };
        list.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, api => ListAsync(api, parsed, cancellationToken)));
        var show = new Command("show", "Show one message") { Uid, Mailbox, Raw };
        show.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, api => ShowAsync(api, parsed, cancellationToken)));
        var search = new Command("search", "Find messages in all mailboxes by words of subject, sender, recipients or text") { Words, Subject, From, Limit };
        search.Validators.Add(result =>
        {
            if (result.GetResult(Words) is null or { Tokens.Count: 0 } && result.GetResult(Subject) is null && result.GetResult(From) is null)
                result.AddError("Say what to look for: mailsuite read search WORDS, or --subject WORDS, or --from WORDS.");
        });
        search.SetAction((parsed, cancellationToken) => ApiClient.UseAsync(parsed, find, api => SearchAsync(api, parsed, cancellationToken)));
        return new Command("read", "Read mail: list, show, search") { list, show, search, Account, Json };
    }

    private static async Task ListAsync(ApiClient api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var account = AddressOption.Required(parsed, Account);
        var mailbox = parsed.GetRequiredValue(Mailbox);
        var page = await api.MessagesAsync(account, cancellationToken,
            ("mailbox", mailbox), ("before", parsed.GetValue(Before)?.ToString(CultureInfo.InvariantCulture)), ("limit", parsed.GetValue(Limit).ToString(CultureInfo.InvariantCulture)));
        if (parsed.GetValue(Json))
            await PrintAsync(parsed, JsonSerializer.Serialize(page, CliJson.Default.MessageListView));
        else
            MessageTable.Write(parsed.InvocationConfiguration.Output, page, withMailbox: false, $"{mailbox} of {account} has {page.Total} messages.");
    }

    private static async Task SearchAsync(ApiClient api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var account = AddressOption.Required(parsed, Account);
        var words = string.Join(' ', parsed.GetValue(Words) ?? []);
        var found = await api.MessagesAsync(account, cancellationToken,
            ("text", words.Length == 0 ? null : words), ("subject", parsed.GetValue(Subject)), ("from", parsed.GetValue(From)), ("limit", parsed.GetValue(Limit).ToString(CultureInfo.InvariantCulture)));
        if (parsed.GetValue(Json))
            await PrintAsync(parsed, JsonSerializer.Serialize(found, CliJson.Default.MessageListView));
        else
            MessageTable.Write(parsed.InvocationConfiguration.Output, found, withMailbox: true, $"{found.Total} messages found.");
    }

    private static async Task ShowAsync(ApiClient api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var account = AddressOption.Required(parsed, Account);
        var name = parsed.GetRequiredValue(Mailbox);
        var uid = parsed.GetRequiredValue(Uid);
        var mailboxes = await api.MailboxesAsync(account, cancellationToken);
        var mailbox = mailboxes.FirstOrDefault(mailbox => string.Equals(mailbox.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new CommandFailure(CommandExit.Failed, $"{account} has no mailbox {name}. There are {string.Join(", ", mailboxes.Select(mailbox => mailbox.Name))}.");
        if (parsed.GetValue(Raw))
        {
            await using var output = Console.OpenStandardOutput();
            await api.CopyRawAsync(account, mailbox.Id, uid, output, cancellationToken);
            return;
        }

        var message = await api.MessageAsync(account, mailbox.Id, uid, cancellationToken);
        await PrintAsync(parsed, parsed.GetValue(Json) ? JsonSerializer.Serialize(message, CliJson.Default.MessageDetailView) : MessageText.For(message));
    }

    private static Task PrintAsync(ParseResult parsed, string text) => parsed.InvocationConfiguration.Output.WriteLineAsync(text);
}
