using System.CommandLine;
using System.Globalization;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite account quota</c>: shows and sets what one account may hold.</summary>
internal static class AccountQuotaCommand
{
    private const string NoLimit = "none";

    private const string AsConfigured = "default";

    private static readonly Option<string> Octets = new("--octets")
    {
        Description = $"What all its messages may have together, as '500 MiB'; '{NoLimit}' for no limit, '{AsConfigured}' for what the configuration says",
        HelpName = "SIZE",
    };

    private static readonly Option<string> Messages = new("--messages")
    {
        Description = $"How many messages it may have; '{NoLimit}' for no limit, '{AsConfigured}' for what the configuration says",
        HelpName = "NUMBER",
    };

    public static Command Create()
    {
        Octets.Validators.Add(result => Check(result, text => Quantities.TryParseOctets(text, out _), "Write for example '500 MiB'."));
        Messages.Validators.Add(result => Check(result, text => TryNumber(text, out _), "Write for example 100000."));
        var quota = new Command("quota", "Show what an account holds and may hold; with an option, set it") { AccountCommand.Address, Octets, Messages };
        quota.SetAction(RunAsync);
        return quota;
    }

    private static void Check(System.CommandLine.Parsing.OptionResult result, Func<string, bool> isNumber, string example)
    {
        if (result.Tokens is [{ Value: var text }] && text is not (NoLimit or AsConfigured) && !isNumber(text))
            result.AddError($"'{text}' is no limit. {example} Or '{NoLimit}', or '{AsConfigured}'.");
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) => OpenStore.UseAsync(parsed, async (accounts, mailboxes) =>
    {
        var address = parsed.GetRequiredValue(AccountCommand.Address);
        if (await accounts.FindAsync(address, cancellationToken) is not { } account || await mailboxes.FindUsageAsync(account.Id, cancellationToken) is not { } usage)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"mailsuite: There is no account {address}.");
            return ExitCodes.Failed;
        }

        if (parsed.GetValue(Octets) is not null || parsed.GetValue(Messages) is not null)
        {
            var octets = Read(parsed.GetValue(Octets), usage.OwnOctetLimit, text => Quantities.TryParseOctets(text, out var number) ? number : 0);
            var messages = Read(parsed.GetValue(Messages), usage.OwnMessageLimit, text => TryNumber(text, out var number) ? number : 0);
            await mailboxes.SetQuotaAsync(account.Id, octets, messages, cancellationToken);
            usage = await mailboxes.FindUsageAsync(account.Id, cancellationToken) ?? usage;
        }

        await parsed.InvocationConfiguration.Output.WriteLineAsync(
            $"{account.Address}: {Quantities.Octets(usage.Octets)} of {Limit(usage.OctetLimit, Quantities.Octets)}, {usage.Messages} messages of {Limit(usage.MessageLimit, static number => number.ToString(CultureInfo.InvariantCulture))}");
        return ExitCodes.Ok;
    }, cancellationToken);

    private static string Limit(long limit, Func<long, string> text) => limit == 0 ? "no limit" : text(limit);

    private static long? Read(string? text, long? present, Func<string, long> number) => text switch
    {
        null => present,
        NoLimit => 0,
        AsConfigured => null,
        _ => number(text),
    };
}
