using MailSuite.Shared.Addressing;

namespace MailSuite.Host.Configuration;

/// <summary>The <c>DomainAliases</c> setting: domain → the domain of ours that it is another name of.</summary>
internal static class DomainAliasSchema
{
    private const string Key = "DomainAliases";
    private const int MaxAliases = 1_000;

    public static IReadOnlyDictionary<Domain, Domain> Read(SettingsReader reader, IReadOnlyList<Domain> domains)
    {
        var aliases = new Dictionary<Domain, Domain>();
        var nodes = reader.Members(Key);
        if (nodes.Count > MaxAliases)
            reader.Mistake(Key, $"There are {nodes.Count} here, more than {MaxAliases}.", "Remove some.");
        foreach (var node in nodes)
        {
            var name = node.Key[(Key.Length + 1)..];
            if (!Domain.TryParse(name, out var alias) || alias.IsAddressLiteral)
                reader.Wrong(node, "The other name must be a domain name.", "Write for example \"example.com\".", aliases);
            else if (domains.Contains(alias))
                reader.Wrong(node, $"{alias} stands in Domains too, so it has mailboxes of its own.", "Remove it from one of the two.", aliases);
            else if (reader.Items<Domain>(node, Domain.TryParse, "a domain name", domains[0].ToString(), maxCount: 1) is not [var target])
                reader.Wrong(node, "One domain is needed.", $"Name it, such as \"{domains[0]}\".", aliases);
            else if (!domains.Contains(target))
                reader.Wrong(node, $"{target} is not kept here.", $"It must be one of {string.Join(", ", domains)}; another name of another name is none.", aliases);
            else if (!aliases.TryAdd(alias, target))
                reader.Wrong(node, "The domain stands twice in different spellings.", "Remove one of the two.", aliases);
        }

        return aliases;
    }
}
