using MailSuite.Shared.Addressing;

namespace MailSuite.Host.Configuration;

/// <summary>The <c>Aliases</c> setting: address → addresses that get its mail.</summary>
internal static class AliasSchema
{
    private const string Key = "Aliases";
    private const string What = "a mail address";
    private const string Example = "ann@example.org";

    public static IReadOnlyDictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> Read(SettingsReader reader, Profile profile, IReadOnlyList<Domain> domains)
    {
        var aliases = new Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>>();
        var nodes = new Dictionary<EnvelopeAddress, SettingNode>();
        foreach (var node in reader.Members(Key))
        {
            var name = node.Key[(Key.Length + 1)..];
            if (!EnvelopeAddress.TryParse(name, out var alias))
            {
                reader.Wrong(node, $"The alias must be {What}.", $"Write for example \"info@{domains[0]}\".", aliases);
                continue;
            }

            var targets = reader.Items<EnvelopeAddress>(node, EnvelopeAddress.TryParse, What, Example, maxCount: 1_000);
            if (profile == Profile.Server)
            {
                foreach (var foreign in targets.Append(alias).Where(address => !domains.Contains(address.Domain)))
                    reader.Wrong(node, $"The domain of {foreign} is not kept here.", $"Aliases lead from and to addresses at {string.Join(", ", domains)}; add the domain to Domains if it is yours.", aliases);
            }

            if (targets.Count == 0)
                reader.Wrong(node, "The alias leads to nobody.", $"Name at least one address, such as \"{Example}\".", aliases);
            if (!aliases.TryAdd(alias, targets))
                reader.Wrong(node, "The alias stands twice in different spellings.", "Remove one of the two.", aliases);
            nodes[alias] = node;
        }

        foreach (var (alias, node) in nodes)
        {
            if (LeadsBack(alias, aliases))
                reader.Wrong(node, "The alias leads back to itself.", "Take one step out of the circle.", aliases);
        }

        return aliases;
    }

    private static bool LeadsBack(EnvelopeAddress alias, Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> aliases)
    {
        var seen = new HashSet<EnvelopeAddress>();
        var open = new Stack<EnvelopeAddress>(aliases[alias]);
        while (open.TryPop(out var address))
        {
            if (address.Equals(alias))
                return true;
            if (seen.Add(address) && aliases.TryGetValue(address, out var targets))
            {
                foreach (var target in targets)
                    open.Push(target);
            }
        }

        return false;
    }
}
