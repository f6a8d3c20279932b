using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite account quota</c>: what one account may hold, beside what the configuration says for all.</summary>
internal static class AccountQuotaCommand
{
    private static readonly Option<Limit?> Octets = new("--octets")
    {
        Description = "Octets of mail: a number, a size such as \"5 GiB\", \"none\" for no limit, \"default\" for Mda:QuotaOctets",
        HelpName = "SIZE",
        CustomParser = result => Read(result, Quantities.TryParseOctets),
    };

    private static readonly Option<Limit?> Messages = new("--messages")
    {
        Description = "Messages: a number, \"none\" for no limit, \"default\" for Mda:QuotaMessages",
        HelpName = "COUNT",
        CustomParser = result => Read(result, static (string text, out long count) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count)),
    };

    private delegate bool TryParse(string text, out long value);

    public static Command Create(Argument<EnvelopeAddress> address)
    {
        var command = new Command("quota", "Set what an account may hold; what is not named stays as it is") { address, Octets, Messages };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Octets) is null && result.GetResult(Messages) is null)
                result.AddError("Say what to set: --octets, --messages or both.");
        });
        command.SetAction((parsed, cancellationToken) => SetAsync(parsed, parsed.GetRequiredValue(address), cancellationToken));
        return command;
    }

    private static Task<int> SetAsync(ParseResult parsed, EnvelopeAddress address, CancellationToken cancellationToken) => OpenStore.UseAsync(parsed, async accounts =>
    {
        var account = await accounts.FindAsync(address, cancellationToken);
        var own = (await accounts.ListUseAsync(cancellationToken)).FirstOrDefault(use => use.Account.Id == account?.Id)?.Quota ?? new OwnQuota(null, null);
        var quota = new OwnQuota(parsed.GetValue(Octets) is { } octets ? octets.Value : own.Octets, parsed.GetValue(Messages) is { } messages ? messages.Value : own.Messages);
        return await AccountCommand.ReportAsync(parsed, await accounts.SetQuotaAsync(address, quota, cancellationToken), $"The account {{0}} may hold {QuotaText.Of(quota)}.");
    }, cancellationToken);

    private static Limit? Read(ArgumentResult result, TryParse parse)
    {
        var text = result.Tokens[0].Value;
        if (string.Equals(text, "default", StringComparison.OrdinalIgnoreCase))
            return new Limit(null);
        if (string.Equals(text, "none", StringComparison.OrdinalIgnoreCase))
            return new Limit(0);
        if (parse(text, out var value) && value > 0)
            return new Limit(value);
        result.AddError($"'{text}' is no limit. Write a number, none or default.");
        return null;
    }

    /// <param name="Value">0 for none, <see langword="null"/> for what the configuration says.</param>
    private sealed record Limit(long? Value);
}
