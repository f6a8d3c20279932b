using MailSuite.Mda.Accounts;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Capabilities;

/// <summary>The list of each account, kept with it.</summary>
internal sealed class HiddenCapabilities(MailStore store, ImapCapabilities capabilities) : IHiddenCapabilities
{
    public async ValueTask<HiddenCapabilitiesChange> ChangeAsync(
        EnvelopeAddress address, IReadOnlyCollection<string> hide, IReadOnlyCollection<string> show, CancellationToken cancellationToken)
    {
        foreach (var name in hide.Concat(show))
        {
            if (capabilities.Find(name) is not { } capability)
                return new HiddenCapabilitiesChange.Refused($"There is no capability {name}. There are {string.Join(", ", capabilities.All.Where(one => one.MayHide).Select(one => one.Name))}.");
            if (!capability.MayHide)
                return new HiddenCapabilitiesChange.Refused($"{capability.Name} cannot be hidden: it is told before anybody has signed in.");
        }

        try
        {
            if ((await store.ReadAsync(AddressKey.Of(address), AccountStatements.Find, cancellationToken))?.Account is not { } account)
                return new HiddenCapabilitiesChange.Refused($"There is no account {address}.");

            var hidden = await store.WriteAsync(
                turn =>
                {
                    var names = AccountStatements.HiddenCapabilities(turn.Connection, account.Id).Concat(hide).Select(name => name.ToUpperInvariant())
                        .Except(show.Select(name => name.ToUpperInvariant()), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
                    AccountStatements.SetHiddenCapabilities(turn, account.Id, names);
                    return names;
                },
                takesSpace: false, cancellationToken);
            return new HiddenCapabilitiesChange.Done(account, hidden);
        }
        catch (StoreFault fault)
        {
            return new HiddenCapabilitiesChange.Refused($"{fault.Reason} Try again. ({fault.Message})");
        }
    }
}
