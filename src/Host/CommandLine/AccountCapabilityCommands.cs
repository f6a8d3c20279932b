using System.CommandLine;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite account hide</c> and <c>show</c>: what of IMAP the programs of one account are not offered.</summary>
internal static class AccountCapabilityCommands
{
    private static readonly Argument<string[]> Capabilities = new("CAPABILITY")
    {
        Description = "Names as IMAP has them, such as CONDSTORE; without any, what is hidden is shown",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static IReadOnlyList<Command> Create()
    {
        var hide = new Command("hide", "Hide capabilities of IMAP from the programs of an account that cannot deal with them") { AccountCommand.Address, Capabilities };
        hide.SetAction((parsed, cancellationToken) => RunAsync(parsed, hide: parsed.GetValue(Capabilities) ?? [], show: [], cancellationToken));
        var show = new Command("show", "Offer hidden capabilities again") { AccountCommand.Address, Capabilities };
        show.SetAction((parsed, cancellationToken) => RunAsync(parsed, hide: [], show: parsed.GetValue(Capabilities) ?? [], cancellationToken));
        return [hide, show];
    }

    private static Task<int> RunAsync(ParseResult parsed, string[] hide, string[] show, CancellationToken cancellationToken) =>
        OpenStore.UseAsync<IHiddenCapabilities>(parsed, async capabilities =>
        {
            switch (await capabilities.ChangeAsync(parsed.GetRequiredValue(AccountCommand.Address), hide, show, cancellationToken))
            {
                case HiddenCapabilitiesChange.Done done:
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(
                        $"{done.Account.Address}: {(done.Hidden.Count == 0 ? "nothing is hidden" : $"hidden are {string.Join(", ", done.Hidden)}")}. Sessions that are open keep what they have.");
                    return ExitCodes.Ok;
                case HiddenCapabilitiesChange.Refused refused:
                    await parsed.InvocationConfiguration.Error.WriteLineAsync($"mailsuite: {refused.Reason}");
                    return ExitCodes.Failed;
                default:
                    throw new InvalidOperationException("There is no such change.");
            }
        }, cancellationToken);
}
