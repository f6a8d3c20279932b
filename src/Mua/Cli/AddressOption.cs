using System.CommandLine;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mua.Cli;

/// <summary>Options whose value is a mail address.</summary>
internal static class AddressOption
{
    /// <summary>Says whose mail it is, for the commands that read.</summary>
    public const string AccountVariable = "MAILSUITE_ACCOUNT";

    public static Option<EnvelopeAddress> Create(string name, string description, string alias, bool recursive = false)
    {
        var option = new Option<EnvelopeAddress>(name, alias)
        {
            Description = $"{description} [environment: {AccountVariable}]",
            HelpName = "ADDRESS",
            Recursive = recursive,
            CustomParser = result =>
            {
                if (EnvelopeAddress.TryParse(result.Tokens[0].Value, out var address))
                    return address;
                result.AddError($"'{result.Tokens[0].Value}' is no mail address. Write for example ann@example.org.");
                return null;
            },
        };
        return option;
    }

    /// <summary>The option's value, or that of the environment variable.</summary>
    /// <exception cref="CommandFailure">Neither names an account.</exception>
    public static EnvelopeAddress Required(ParseResult parsed, Option<EnvelopeAddress> option)
    {
        if (parsed.GetValue(option) is { } given)
            return given;
        var variable = Environment.GetEnvironmentVariable(AccountVariable);
        return EnvelopeAddress.TryParse(variable, out var address)
            ? address
            : throw new CommandFailure(CommandExit.Usage, $"Say whose mail: {option.Name} ADDRESS, or set {AccountVariable}.");
    }
}
