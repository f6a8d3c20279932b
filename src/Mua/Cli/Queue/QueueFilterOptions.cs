using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mua.Cli.Queue;

/// <summary>By what the commands of the queue say which mail is meant.</summary>
internal static class QueueFilterOptions
{
    private static readonly string[] SizeUnits = ["B", "KiB", "MiB", "GiB"];

    private static readonly Argument<string[]> Ids = new("ID") { Description = "Queue ids", Arity = ArgumentArity.ZeroOrMore };

    private static readonly Option<string> Domain = new("--domain", "-d") { Description = "For this domain", HelpName = "DOMAIN" };

    private static readonly Option<string> Recipient = new("--recipient", "-r") { Description = "For this recipient", HelpName = "ADDRESS" };

    private static readonly Option<string> Sender = new("--sender", "-s") { Description = "From this sender: an address, a domain, or <> for reports", HelpName = "ADDRESS" };

    private static readonly Option<string> NextHop = new("--next-hop") { Description = "What has been rerouted to this", HelpName = "HOP" };

    private static readonly Option<QueueState[]> States = new("--state")
    {
        Description = "In this state; may be given several times",
        HelpName = "waiting|held|failed|undeliverable",
        CustomParser = result => [.. result.Tokens.Select(token => StateOf(token, result)).OfType<QueueState>()],
    };

    private static readonly Option<TimeSpan?> Older = Age("--older", "Accepted longer ago than this");

    private static readonly Option<TimeSpan?> Newer = Age("--newer", "Accepted within this time");

    private static readonly Option<string> Error = new("--error", "-e") { Description = "With this text in what the last attempt came to: a code, a host, words of the reply", HelpName = "TEXT" };

    private static readonly Option<long?> Larger = new("--larger")
    {
        Description = "Larger than this, for example 10MiB",
        HelpName = "SIZE",
        CustomParser = result =>
        {
            if (TryOctets(result.Tokens[0].Value, out var octets))
                return octets;
            result.AddError($"'{result.Tokens[0].Value}' is no size. Write for example 500KiB or 10MiB.");
            return null;
        },
    };

    public static void AddTo(Command command)
    {
        command.Add(Ids);
        foreach (var option in (Option[])[Domain, Recipient, Sender, NextHop, States, Older, Newer, Error, Larger])
            command.Add(option);
    }

    /// <summary>Whether any of them is given.</summary>
    public static bool Any(CommandResult command) =>
        command.GetValue(Ids) is { Length: > 0 } || ((Option[])[Domain, Recipient, Sender, NextHop, States, Older, Newer, Error, Larger]).Any(option => command.GetResult(option) is not null);

    /// <param name="api">Asked for the time of the program, by which ages are counted.</param>
    public static async Task<QueueFilter> ReadAsync(ParseResult parsed, ApiClient api, CancellationToken cancellationToken)
    {
        var (older, newer) = (parsed.GetValue(Older), parsed.GetValue(Newer));
        var now = older is null && newer is null ? default : (await api.ClockAsync(cancellationToken)).Now;
        return new QueueFilter
        {
            Ids = parsed.GetValue(Ids) ?? [],
            Domain = parsed.GetValue(Domain),
            Recipient = parsed.GetValue(Recipient),
            Sender = parsed.GetValue(Sender),
            NextHop = parsed.GetValue(NextHop),
            States = parsed.GetValue(States) ?? [],
            Before = now - older,
            After = now - newer,
            Error = parsed.GetValue(Error),
            LargerThan = parsed.GetValue(Larger),
        };
    }

    /// <summary>The same of messages that are done.</summary>
    /// <exception cref="CommandFailure">Something is given that is not remembered of them.</exception>
    public static async Task<RetiredFilter> ReadRetiredAsync(ParseResult parsed, ApiClient api, CancellationToken cancellationToken)
    {
        var filter = await ReadAsync(parsed, api, cancellationToken);
        if (filter is { NextHop: not null } or { Error: not null } or { LargerThan: not null } || filter.States.Count > 0 || filter.Ids.Count > 1 || (filter.Domain is not null && filter.Recipient is not null))
            throw new CommandFailure(CommandExit.Usage, "What is done is found by one ID, by --recipient or --domain, by --sender, --older and --newer.");
        return new RetiredFilter
        {
            Id = filter.Ids.FirstOrDefault(),
            Sender = filter.Sender,
            Recipient = filter.Recipient ?? filter.Domain,
            Before = filter.Before,
            After = filter.After,
        };
    }

    private static Option<TimeSpan?> Age(string name, string description) => new(name)
    {
        Description = $"{description}: 30min, 2h, 1d",
        HelpName = "AGE",
        CustomParser = result =>
        {
            // Longer than a year is a slip, and far more than a queue keeps.
            if (ClockText.TryParse(result.Tokens[0].Value, out var age) && age <= TimeSpan.FromDays(366))
                return age;
            result.AddError($"'{result.Tokens[0].Value}' is no age. Write for example 30min, 2h or 1d.");
            return null;
        },
    };

    private static QueueState? StateOf(Token token, ArgumentResult result)
    {
        QueueState[] known = [QueueState.Waiting, QueueState.Held, QueueState.Failed, QueueState.Undeliverable];
        foreach (var state in known)
        {
            if (state.ToString().Equals(token.Value, StringComparison.OrdinalIgnoreCase))
                return state;
        }

        result.AddError($"'{token.Value}' is no state: it is waiting, held, failed or undeliverable.");
        return null;
    }

    private static bool TryOctets(string text, out long octets)
    {
        octets = 0;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = digits < 0 ? 0 : Array.FindIndex(SizeUnits, one => one.Equals(text[digits..].Trim(), StringComparison.OrdinalIgnoreCase));
        if (unit < 0 || !long.TryParse(digits < 0 ? text : text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue >> (10 * unit))
            return false;
        octets = number << (10 * unit);
        return true;
    }
}
