using System.CommandLine;
using System.Globalization;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite store</c>: checks the message store, repairs it, and derives anew what is shown of messages.</summary>
internal static class StoreCommand
{
    private static readonly Option<bool> Repair = new("--repair")
    {
        Description = "Repair what can be repaired without losing mail; no MailSuite may run on the store",
    };

    private static readonly Argument<EnvelopeAddress?> Account = new("ACCOUNT")
    {
        Description = "The address of the account whose messages are meant; all when it is left out",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result =>
        {
            if (EnvelopeAddress.TryParse(result.Tokens[0].Value, out var address))
                return address;
            result.AddError($"'{result.Tokens[0].Value}' is no mail address. Write for example ann@example.org.");
            return null;
        },
    };

    public static Command Create()
    {
        var verify = new Command("verify", "Check everything in the message store against everything; exit with 1 when something stays wrong") { Repair };
        verify.SetAction(VerifyAsync);
        var rebuild = new Command("rebuild", "Derive anew what is shown of messages: envelope, structure, header fields, preview") { Account };
        rebuild.SetAction(RebuildAsync);
        return new Command("store", "Check, repair and rebuild the message store") { verify, rebuild };
    }

    private static Task<int> VerifyAsync(ParseResult parsed, CancellationToken cancellationToken) => OpenStore.MaintainAsync(parsed, async maintenance =>
    {
        var output = parsed.InvocationConfiguration.Output;
        switch (await maintenance.VerifyAsync(parsed.GetValue(Repair), cancellationToken))
        {
            case StoreVerification.Refused { Reason: var reason, IsTemporary: var isTemporary }:
                return await RefusedAsync(parsed, reason, isTemporary);
            case StoreVerification.Done { Size: var size, Problems: var problems }:
                foreach (var problem in problems)
                    await output.WriteLineAsync($"{(problem.IsRepaired ? "repaired: " : "wrong:    ")}{problem.Text}");
                var wrong = problems.Count(problem => !problem.IsRepaired);
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Checked {size.Accounts:N0} accounts, {size.Mailboxes:N0} mailboxes, {size.Messages:N0} messages, {size.Bodies:N0} bodies ({size.Files:N0} in files): {problems.Count - wrong:N0} repaired, {wrong:N0} wrong."));
                return wrong == 0 ? ExitCodes.Ok : ExitCodes.Failed;
            default:
                throw new InvalidOperationException("A verification ended in no way that there is.");
        }
    });

    private static Task<int> RebuildAsync(ParseResult parsed, CancellationToken cancellationToken) => OpenStore.MaintainAsync(parsed, async maintenance =>
    {
        switch (await maintenance.RebuildAsync(parsed.GetValue(Account), new Shown(parsed.InvocationConfiguration.Error), cancellationToken))
        {
            case StoreRebuilding.Refused { Reason: var reason, IsTemporary: var isTemporary }:
                return await RefusedAsync(parsed, reason, isTemporary);
            case StoreRebuilding.Done { Messages: var messages, Unreadable: var unreadable }:
                await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"Rebuilt what is shown of {messages:N0} messages; {unreadable:N0} could not be read."));
                return unreadable == 0 ? ExitCodes.Ok : ExitCodes.Failed;
            default:
                throw new InvalidOperationException("A rebuilding ended in no way that there is.");
        }
    });

    private static async Task<int> RefusedAsync(ParseResult parsed, string reason, bool isTemporary)
    {
        await parsed.InvocationConfiguration.Error.WriteLineAsync($"mailsuite: {reason}");
        return isTemporary ? ExitCodes.TryAgain : ExitCodes.Failed;
    }

    /// <summary>A line now and then, in the order in which it happens.</summary>
    private sealed class Shown(TextWriter error) : IProgress<RebuildProgress>
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

        private long _shownAt = TimeProvider.System.GetTimestamp();

        public void Report(RebuildProgress value)
        {
            if (TimeProvider.System.GetElapsedTime(_shownAt) < Interval)
                return;
            _shownAt = TimeProvider.System.GetTimestamp();
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Done:N0} of {value.All:N0} messages"));
        }
    }
}
