using System.Diagnostics.CodeAnalysis;
using System.Net;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Host.Configuration;

/// <summary>The <c>Mta:TurnDomains</c> setting: domain of somebody else → who may ask for its mail.</summary>
internal static class TurnDomainSchema
{
    private const string Key = "Mta:TurnDomains";
    private const string TryMx = "mx";
    private const int MaxDomains = 1_000;
    private const int MaxItems = 100;

    public static IReadOnlyDictionary<Domain, TurnDomain> Read(SettingsReader reader, IReadOnlyList<Domain> ours)
    {
        var turned = new Dictionary<Domain, TurnDomain>();
        var nodes = reader.Members(Key);
        if (nodes.Count > MaxDomains)
            reader.Mistake(Key, $"There are {nodes.Count} domains here, more than {MaxDomains}.", "Remove some.");
        foreach (var node in nodes)
        {
            var name = node.Key[(Key.Length + 1)..];
            if (!Domain.TryParse(name, out var domain) || domain.IsAddressLiteral)
            {
                reader.Wrong(node, "This must be a domain name.", "Write for example \"customer.example\": [\"gateway@example.org\"].", turned);
                continue;
            }

            var items = reader.Items<Item>(node, Item.TryParse, $"an account, a network or \"{TryMx}\"", "gateway@example.org", MaxItems);
            var accounts = items.Select(item => item.Account).OfType<EnvelopeAddress>().ToList();
            var networks = items.Where(item => item.Network is not null).Select(item => item.Network!.Value).ToList();
            if (ours.Contains(domain))
                reader.Wrong(node, "The mailboxes of this domain are here, so its mail waits for nobody.", "Take it out here, or out of Domains.", turned);
            if (accounts.Count == 0 && networks.Count == 0)
                reader.Wrong(node, "Nobody may ask for the mail of this domain.", "Name an account, or a network from which ETRN is taken.", turned);
            if (accounts.Find(account => !ours.Contains(account.Domain)) is { } foreign)
                reader.Wrong(node, $"{foreign} is no account here.", "Name an address at one of Domains; add the account with: mailsuite account add.", turned);
            if (!turned.TryAdd(domain, new TurnDomain(accounts, networks, items.Any(item => item.IsTryMx))))
                reader.Wrong(node, "The domain stands twice in different spellings.", "Remove one of the two.", turned);
        }

        return turned;
    }

    /// <summary>One word of a domain's list; one of the three is given.</summary>
    private sealed record Item(EnvelopeAddress? Account, IPNetwork? Network, bool IsTryMx)
    {
        public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Item? item)
        {
            item = text.Equals(TryMx, StringComparison.OrdinalIgnoreCase) ? new Item(null, null, IsTryMx: true)
                : EnvelopeAddress.TryParse(text, out var account) ? new Item(account, null, IsTryMx: false)
                : NetworkText.TryParse(text, out var network) ? new Item(null, network, IsTryMx: false)
                : null;
            return item is not null;
        }
    }
}
