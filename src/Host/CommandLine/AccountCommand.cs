using System.CommandLine;
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
        var list = new Command("list", "Show all accounts") { Json };
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

    private static Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken) => OpenStore.UseAsync(parsed, async accounts =>
    {
        var output = parsed.InvocationConfiguration.Output;
        var all = await accounts.ListAsync(cancellationToken);
        if (parsed.GetValue(Json))
        {
            await output.WriteLineAsync(System.Text.Json.JsonSerializer.Serialize(
                [.. all.Select(account => new AccountLine(account.Address.ToString(), account.DisplayName, account.IsAdministrator))], AccountJson.Default.AccountLineArray));
        }
        else if (Console.IsOutputRedirected)
        {
            foreach (var account in all)
                await output.WriteLineAsync($"{account.Address}\t{account.DisplayName}\t{(account.IsAdministrator ? "administrator" : "")}".TrimEnd());
        }
        else
        {
            var table = new Table { Border = TableBorder.Rounded };
            table.AddColumns("Account", "Name", "Administrator");
            foreach (var account in all)
                table.AddRow(Markup.Escape(account.Address.ToDisplayString()), Markup.Escape(account.DisplayName ?? ""), account.IsAdministrator ? "yes" : "");
            AnsiConsole.Write(table);
        }

        return ExitCodes.Ok;
    }, cancellationToken);

    private static async Task<int> ReportAsync(ParseResult parsed, AccountChange change, string done)
    {
        if (change is AccountChange.Refused { Reason: var reason })
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"mailsuite: {reason}");
            return ExitCodes.Failed;
        }

        await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, done, ((AccountChange.Done)change).Account.Address));
        return ExitCodes.Ok;
    }
}

internal sealed record AccountLine(string Address, string? Name, bool Administrator);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[System.Text.Json.Serialization.JsonSerializable(typeof(AccountLine[]))]
internal sealed partial class AccountJson : System.Text.Json.Serialization.JsonSerializerContext;
