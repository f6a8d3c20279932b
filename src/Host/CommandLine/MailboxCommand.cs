using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Contracts.Mda;
using Spectre.Console;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite mailbox</c>: works on the message store itself, whether the program runs or not.</summary>
internal static class MailboxCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The mailbox, its levels separated by /" };

    private static readonly Argument<string> NewName = new("NEWNAME") { Description = "What it is called from now on" };

    private static readonly Argument<string> Person = new("PERSON") { Description = "The address of an account here, or anyone" };

    private static readonly Argument<string> Rights = new("RIGHTS")
    {
        Description = "none, read, write, all, or letters of RFC 4314: l look up, r read, s seen, w other flags, i insert, p post, k make mailboxes below, x remove it, t mark deleted, e expunge, a share it",
    };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask whether you are sure" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    public static Command Create()
    {
        var list = new Command("list", "Show the mailboxes of an account") { AccountCommand.Address, Json };
        list.SetAction(ListAsync);
        var create = new Command("create", "Make a mailbox, with those above it, and subscribe it") { AccountCommand.Address, Name };
        create.SetAction(Changing("{0} is there.", (parsed, mailboxes, account, cancellationToken) => mailboxes.CreateAsync(account, parsed.GetRequiredValue(Name), cancellationToken)));
        var rename = new Command("rename", "Give a mailbox and those below it another name") { AccountCommand.Address, Name, NewName };
        rename.SetAction(Changing(
            "It is {0} now.", (parsed, mailboxes, account, cancellationToken) => mailboxes.RenameAsync(account, parsed.GetRequiredValue(Name), parsed.GetRequiredValue(NewName), cancellationToken)));
        var delete = new Command("delete", "Delete a mailbox with its messages, for good; those below it stay") { AccountCommand.Address, Name, Yes };
        delete.SetAction(DeleteAsync);
        var share = new Command("share", "Say what somebody else may do with a mailbox; they see it as Other Users/ADDRESS/NAME") { AccountCommand.Address, Name, Person, Rights };
        share.SetAction(Changing(
            "The rights on {0} are set.",
            (parsed, mailboxes, account, cancellationToken) =>
                mailboxes.ShareAsync(account, parsed.GetRequiredValue(Name), parsed.GetRequiredValue(Person), Letters(parsed.GetRequiredValue(Rights)), cancellationToken)));
        return new Command("mailbox", "Show, make, rename, delete and share mailboxes of an account") { list, create, rename, delete, share };
    }

    private static string Letters(string rights) => rights switch
    {
        "none" => string.Empty,
        "read" => "lrs",
        "write" => "lrswite",
        "all" => "lrswipkxtea",
        _ => rights,
    };

    private static Func<ParseResult, CancellationToken, Task<int>> Changing(string done, Func<ParseResult, IMailboxAdministration, AccountId, CancellationToken, ValueTask<MailboxChange>> change) =>
        (parsed, cancellationToken) => WithAccountAsync(parsed, async (mailboxes, account) =>
        {
            switch (await change(parsed, mailboxes, account, cancellationToken))
            {
                case MailboxChange.Done { Name: var name }:
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Format(CultureInfo.InvariantCulture, done, name));
                    return ExitCodes.Ok;
                case MailboxChange.Refused { Reason: var reason }:
                    await parsed.InvocationConfiguration.Error.WriteLineAsync($"mailsuite: {reason}");
                    return ExitCodes.Failed;
                default:
                    return ExitCodes.Failed;
            }
        }, cancellationToken);

    private static async Task<int> DeleteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetRequiredValue(Name);
        if (!parsed.GetValue(Yes))
        {
            await parsed.InvocationConfiguration.Error.WriteAsync($"This deletes all messages in {name} of {parsed.GetRequiredValue(AccountCommand.Address)}, and there is no way back. Type the mailbox to go on: ");
            if (Console.In.ReadLine()?.Trim() != name)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("mailsuite: nothing was deleted.");
                return ExitCodes.Failed;
            }
        }

        return await Changing("{0} is gone.", (_, mailboxes, account, cancelled) => mailboxes.DeleteAsync(account, name, cancelled))(parsed, cancellationToken);
    }

    private static Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken) => WithAccountAsync(parsed, async (mailboxes, account) =>
    {
        var output = parsed.InvocationConfiguration.Output;
        var all = await mailboxes.ListAsync(account, cancellationToken);
        if (parsed.GetValue(Json))
        {
            await output.WriteLineAsync(JsonSerializer.Serialize([.. all.Select(mailbox => new MailboxLine(
                mailbox.Name, Use(mailbox), mailbox.Messages, mailbox.Unseen, mailbox.Octets, mailbox.IsSubscribed, mailbox.SharedWith.ToDictionary(share => share.With, share => share.Rights)))], MailboxJson.Default.MailboxLineArray));
        }
        else if (Console.IsOutputRedirected)
        {
            foreach (var mailbox in all)
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{mailbox.Name}\t{Use(mailbox)}\t{mailbox.Messages}\t{mailbox.Unseen}\t{mailbox.Octets}\t{Shares(mailbox)}").TrimEnd());
        }
        else
        {
            var table = new Table { Border = TableBorder.Rounded };
            table.AddColumns("Mailbox", "Use", "Messages", "Unseen", "Size", "Shared with");
            foreach (var mailbox in all)
                table.AddRow(Markup.Escape(mailbox.Name), Use(mailbox) ?? "", $"{mailbox.Messages}", $"{mailbox.Unseen}", Quantities.Octets(mailbox.Octets), Markup.Escape(Shares(mailbox)));
            AnsiConsole.Write(table);
        }

        return ExitCodes.Ok;
    }, cancellationToken);

    private static string? Use(AdministeredMailbox mailbox) => mailbox.Use == SpecialUse.None ? null : mailbox.Use.ToString();

    private static string Shares(AdministeredMailbox mailbox) => string.Join(' ', mailbox.SharedWith.Select(share => $"{share.With}={share.Rights}"));

    private static Task<int> WithAccountAsync(ParseResult parsed, Func<IMailboxAdministration, AccountId, Task<int>> work, CancellationToken cancellationToken) =>
        OpenStore.UseAsync(parsed, async (accounts, mailboxes) =>
        {
            var address = parsed.GetRequiredValue(AccountCommand.Address);
            if (await accounts.FindAsync(address, cancellationToken) is { } account)
                return await work(mailboxes, account.Id);
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"mailsuite: There is no account {address}.");
            return ExitCodes.Failed;
        }, cancellationToken);
}

internal sealed record MailboxLine(string Name, string? Use, long Messages, long Unseen, long Octets, bool Subscribed, IReadOnlyDictionary<string, string> SharedWith);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MailboxLine[]))]
internal sealed partial class MailboxJson : JsonSerializerContext;
