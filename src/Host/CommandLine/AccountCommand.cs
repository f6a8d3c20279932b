using System.CommandLine;
using System.Globalization;
using MailSuite.Host.Running;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using Spectre.Console;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite account</c>: works on the message store itself, whether the program runs or not.</summary>
internal static class AccountCommand
{
    internal static readonly Argument<EnvelopeAddress> Address = new("ADDRESS")
    {
        Description = "The mail address of the account",
        CustomParser = result =>
        {
            if (EnvelopeAddress.TryParse(result.Tokens[0].Value, out var address))
                return address;
            result.AddError($"'{result.Tokens[0].Value}' is no mail address. Write for example ann@example.org.");
            return null;
        },
    };

    private static readonly Option<string> DisplayName = new("--name")
    {
        Description = "The person's name, as From shows it",
        HelpName = "NAME",
    };

    private static readonly Option<bool> PasswordFromInput = new("--password-stdin")
    {
        Description = "Read the password from the first line of standard input instead of asking for it",
    };

    private static readonly Option<bool> Admin = new("--admin")
    {
        Description = "Make it an administrator: it may look after the queue and the clock in the webmail",
    };

    private static readonly Option<bool> Yes = new("--yes", "-y")
    {
        Description = "Do not ask whether you are sure",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print JSON",
    };

    public static Command Create()
    {
        var add = new Command("add", "Make an account with its mailboxes") { Address, DisplayName, PasswordFromInput, Admin };
        add.SetAction(AddAsync);
        var list = new Command("list", "Show all accounts, what they hold and what they may hold") { Json };
        list.SetAction(ListAsync);
        var remove = new Command("remove", "Delete an account with all its mail, for good") { Address, Yes };
        remove.SetAction(RemoveAsync);
        var password = new Command("password", "Set the password of an account") { Address, PasswordFromInput };
        password.SetAction(SetPasswordAsync);
        var grant = new Command("grant", "Make an account an administrator") { Address };
        grant.SetAction((parsed, cancellationToken) => SetAdministratorAsync(parsed, true, "The account {0} is an administrator.", cancellationToken));
        var revoke = new Command("revoke", "Take the right of an administrator away, at once") { Address };
        revoke.SetAction((parsed, cancellationToken) => SetAdministratorAsync(parsed, false, "The account {0} is no administrator.", cancellationToken));
        var account = new Command("account", "Make, show and remove accounts, set passwords and quotas, say who administers") { add, list, remove, password, grant, revoke, AccountQuotaCommand.Create() };
        foreach (var command in AccountCapabilityCommands.Create())
            account.Add(command);
        return account;
    }

    private static async Task<int> AddAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var address = parsed.GetRequiredValue(Address);
        if (await PasswordInput.ReadAsync(parsed, parsed.GetValue(PasswordFromInput), $"Password for {address}: ") is not { } password)
            return ExitCodes.Failed;
        return await OpenStore.UseAsync(parsed, async accounts =>
        {
            var added = await accounts.AddAsync(address, password, parsed.GetValue(DisplayName), cancellationToken);
            return added is AccountChange.Done && parsed.GetValue(Admin)
                ? await ReportAsync(parsed, await accounts.SetAdministratorAsync(address, true, cancellationToken), "The account {0} is there, an administrator.")
                : await ReportAsync(parsed, added, "The account {0} is there.");
        }, cancellationToken);
    }

    private static Task<int> SetAdministratorAsync(ParseResult parsed, bool isAdministrator, string done, CancellationToken cancellationToken) =>
        OpenStore.UseAsync(parsed, async accounts =>
            await ReportAsync(parsed, await accounts.SetAdministratorAsync(parsed.GetRequiredValue(Address), isAdministrator, cancellationToken), done), cancellationToken);

    private static async Task<int> SetPasswordAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var address = parsed.GetRequiredValue(Address);
        if (await PasswordInput.ReadAsync(parsed, parsed.GetValue(PasswordFromInput), $"New password for {address}: ") is not { } password)
            return ExitCodes.Failed;
        return await OpenStore.UseAsync(parsed, async accounts =>
            await ReportAsync(parsed, await accounts.SetPasswordAsync(address, password, cancellationToken), "The password of {0} is set."), cancellationToken);
    }

    private static async Task<int> RemoveAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var address = parsed.GetRequiredValue(Address);
        if (!parsed.GetValue(Yes))
        {
            await parsed.InvocationConfiguration.Error.WriteAsync($"This deletes all mail of {address}, and there is no way back. Type the address to go on: ");
            if (Console.In.ReadLine()?.Trim() is not { } typed || !string.Equals(typed, address.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("mailsuite: nothing was deleted.");
                return ExitCodes.Failed;
            }
        }

        return await OpenStore.UseAsync(parsed, async accounts =>
            await ReportAsync(parsed, await accounts.RemoveAsync(address, cancellationToken), "The account {0} is gone."), cancellationToken);
    }

    private static Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken) => OpenStore.UseAsync(parsed, async (accounts, mailboxes) =>
    {
        var output = parsed.InvocationConfiguration.Output;
        var all = new List<AccountLine>();
        foreach (var account in await accounts.ListAsync(cancellationToken))
        {
            // One that is removed meanwhile is none any more.
            if (await mailboxes.FindUsageAsync(account.Id, cancellationToken) is { } usage)
                all.Add(new AccountLine(account.Address.ToString(), account.DisplayName, account.IsAdministrator, usage.Messages, usage.MessageLimit, usage.Octets, usage.OctetLimit, usage.FullSince));
        }

        if (parsed.GetValue(Json))
        {
            await output.WriteLineAsync(System.Text.Json.JsonSerializer.Serialize([.. all], AccountJson.Default.AccountLineArray));
        }
        else if (Console.IsOutputRedirected)
        {
            foreach (var line in all)
                await output.WriteLineAsync($"{line.Address}\t{line.Name}\t{(line.Administrator ? "administrator" : "")}\t{line.Messages}\t{line.MessageLimit}\t{line.Octets}\t{line.OctetLimit}\t{(line.FullSince is null ? "" : "full")}".TrimEnd());
        }
        else
        {
            var table = new Table { Border = TableBorder.Rounded };
            table.AddColumns("Account", "Name", "Administrator", "Messages", "Size", "");
            foreach (var line in all)
            {
                var address = EnvelopeAddress.Parse(line.Address).ToDisplayString();
                table.AddRow(
                    Markup.Escape(address), Markup.Escape(line.Name ?? ""), line.Administrator ? "yes" : "", Of(line.Messages, line.MessageLimit, Number), Of(line.Octets, line.OctetLimit, Size), line.FullSince is null ? "" : "full");
            }

            AnsiConsole.Write(table);
        }

        return ExitCodes.Ok;
    }, cancellationToken);

    private static string Of(long use, long limit, Func<long, string> text) => limit == 0 ? text(use) : $"{text(use)} of {text(limit)}";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Size(long octets)
    {
        const long MiB = 1L << 20;
        return octets < MiB ? string.Create(CultureInfo.InvariantCulture, $"{octets} B") : string.Create(CultureInfo.InvariantCulture, $"{(double)octets / MiB:0.#} MiB");
    }

    private static async Task<int> ReportAsync(ParseResult parsed, AccountChange change, string done)
    {
        if (change is AccountChange.Refused { Reason: var reason })
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"mailsuite: {reason}");
            return ExitCodes.Failed;
        }

        await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Format(CultureInfo.InvariantCulture, done, ((AccountChange.Done)change).Account.Address));
        return ExitCodes.Ok;
    }
}

/// <param name="MessageLimit">0 for no limit.</param>
/// <param name="OctetLimit">Likewise.</param>
/// <param name="FullSince">Since when mail has been turned away.</param>
internal sealed record AccountLine(string Address, string? Name, bool Administrator, long Messages, long MessageLimit, long Octets, long OctetLimit, DateTimeOffset? FullSince);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[System.Text.Json.Serialization.JsonSerializable(typeof(AccountLine[]))]
internal sealed partial class AccountJson : System.Text.Json.Serialization.JsonSerializerContext;
