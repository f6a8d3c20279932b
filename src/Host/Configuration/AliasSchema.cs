using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Host.Configuration;

/// <summary>The <c>Aliases</c> setting: address → addresses that get its mail.</summary>
internal static class AliasSchema
{
    private const string Key = "Aliases";
    private const string What = "a mail address";
    private const string Example = "ann@example.org";

    public static IReadOnlyDictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> Read(
        SettingsReader reader, Profile profile, IReadOnlyList<Domain> domains, IReadOnlyDictionary<Domain, Domain> domainAliases)
    {
        var aliases = new Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>>();
        var nodes = new Dictionary<EnvelopeAddress, SettingNode>();
        foreach (var node in reader.Members(Key))
        {
            var name = node.Key[(Key.Length + 1)..];
            // "@example.org" is how others write what catches the rest of a domain.
            if (!EnvelopeAddress.TryParse(name.StartsWith('@') ? "*" + name : name, out var alias))
            {
                reader.Wrong(node, $"The alias must be {What}.", $"Write for example \"info@{domains[0]}\", or \"@{domains[0]}\" for all addresses of the domain that are nothing else.", aliases);
                continue;
            }

            if (RefuseOtherName(reader, node, alias, domainAliases))
                continue;

            var targets = reader.Items<EnvelopeAddress>(node, EnvelopeAddress.TryParse, What, Example, maxCount: 1_000).Select(target => Keep(target, domainAliases)).ToList();
            if (profile == Profile.Server)
            {
                RefuseForeign(reader, node, alias, domains, "Aliases lead from addresses");
                foreach (var foreign in targets.Where(address => !domains.Contains(address.Domain) && !address.IsAscii))
                    reader.Wrong(node, $"Not every host takes mail for {foreign}.", "Forward to an address whose local-part is ASCII.", aliases);
            }

            if (targets.Count == 0)
                reader.Wrong(node, "The alias leads to nobody.", $"Name at least one address, such as \"{Example}\".", aliases);
            if (!aliases.TryAdd(alias, targets))
                reader.Wrong(node, "The alias stands twice in different spellings.", "Remove one of the two.", aliases);
            nodes[alias] = node;
        }

        foreach (var (alias, node) in nodes)
        {
            var problem = WayOf(alias, aliases) switch
            {
                Way.Circle => ("The alias leads back to itself.", "Take one step out of the circle. To keep mail here too, the alias may name itself, which means the account."),
                Way.TooLong => ($"The alias leads over more than {MdaOptions.MaxAliasChain} aliases, one after the other.", "Let it lead to its addresses in fewer steps."),
                Way.TooWide => ($"The alias leads to more than {MdaOptions.MaxAliasTargets} addresses in all.", "Remove some."),
                _ => default,
            };
            if (problem.Item1 is not null)
                reader.Wrong(node, problem.Item1, problem.Item2, aliases);
        }

        return aliases;
    }

    /// <summary>The <c>Moved</c> setting: address of ours → where its person is now.</summary>
    public static IReadOnlyDictionary<EnvelopeAddress, EnvelopeAddress> ReadMoved(
        SettingsReader reader, Profile profile, IReadOnlyList<Domain> domains, IReadOnlyDictionary<Domain, Domain> domainAliases,
        IReadOnlyDictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> aliases)
    {
        const string MovedKey = "Moved";
        var moved = new Dictionary<EnvelopeAddress, EnvelopeAddress>();
        foreach (var node in reader.Members(MovedKey))
        {
            if (!EnvelopeAddress.TryParse(node.Key.AsSpan(MovedKey.Length + 1), out var address))
            {
                reader.Wrong(node, $"The address that has moved must be {What}.", $"Write for example \"old@{domains[0]}\".", moved);
                continue;
            }

            if (RefuseOtherName(reader, node, address, domainAliases))
                continue;

            var targets = reader.Items<EnvelopeAddress>(node, EnvelopeAddress.TryParse, What, Example, maxCount: 1);
            if (profile == Profile.Server)
                RefuseForeign(reader, node, address, domains, "Only addresses of ours can have moved, those");
            if (aliases.ContainsKey(address))
                reader.Wrong(node, "The address is an alias too.", "An alias forwards, and what has moved is refused: remove one of the two.", moved);
            if (targets is not [var target])
                reader.Wrong(node, "One new address is needed.", $"Name it, such as \"{Example}\".", moved);
            else if (target.Equals(address) || !moved.TryAdd(address, target))
                reader.Wrong(node, "The address has moved to itself, or stands twice in different spellings.", "Remove it, or name the new address.", moved);
        }

        return moved;
    }

    private static bool RefuseOtherName(SettingsReader reader, SettingNode node, EnvelopeAddress address, IReadOnlyDictionary<Domain, Domain> domainAliases)
    {
        if (!domainAliases.TryGetValue(address.Domain, out var kept))
            return false;
        reader.Wrong(node, $"{address.Domain} is another name of {kept}.", $"Write {Keep(address, domainAliases)}, which is both.", false);
        return true;
    }

    private static EnvelopeAddress Keep(EnvelopeAddress address, IReadOnlyDictionary<Domain, Domain> domainAliases) =>
        domainAliases.TryGetValue(address.Domain, out var kept) && EnvelopeAddress.TryCreate(address.LocalPart, kept, out var same) ? same : address;

    private static void RefuseForeign(SettingsReader reader, SettingNode node, EnvelopeAddress address, IReadOnlyList<Domain> domains, string what)
    {
        if (!domains.Contains(address.Domain))
            reader.Wrong(node, $"The domain of {address} is not kept here.", $"{what} at {string.Join(", ", domains)}; add the domain to Domains if it is yours.", false);
    }

    /// <summary>Walks every way from an alias, one step after the other, until all have come to an end.</summary>
    private static Way WayOf(EnvelopeAddress alias, Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> aliases)
    {
        var seen = new HashSet<EnvelopeAddress> { alias };
        var ends = 0;
        // An alias that names itself means the account of its name.
        var step = aliases[alias].Where(target => !target.Equals(alias)).ToList();
        for (var depth = 1; step.Count > 0; depth++)
        {
            var next = new List<EnvelopeAddress>();
            foreach (var address in step)
            {
                if (address.Equals(alias))
                    return Way.Circle;
                if (!seen.Add(address))
                    continue;
                if (!aliases.TryGetValue(address, out var targets))
                    ends++;
                else if (depth == MdaOptions.MaxAliasChain)
                    return Way.TooLong;
                else
                    next.AddRange(targets.Where(target => !target.Equals(address)));
            }

            if (ends > MdaOptions.MaxAliasTargets)
                return Way.TooWide;
            step = next;
        }

        return Way.Good;
    }

    private enum Way
    {
        Good,
        Circle,
        TooLong,
        TooWide,
    }
}
