using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Host.Configuration;

/// <summary>The settings <c>Relay:Transports</c>, <c>Relay:Routes</c> and <c>Relay:Smarthost</c>: which mail leaves which way.</summary>
internal static class RoutingSchema
{
    private const string TransportsKey = "Relay:Transports";
    private const string RoutesKey = "Relay:Routes";
    private const string SmarthostKey = "Relay:Smarthost";

    /// <summary>As the name of a transport: the hosts that the DNS names.</summary>
    private const string Mx = "mx";

    /// <summary>The name by which rules know <see cref="SmarthostKey"/>.</summary>
    private const string Smarthost = "smarthost";

    private const string FallbackKey = "Relay:Fallback";
    private const int MaxAttempts = 100;
    private const int MaxTransports = 1_000;
    private const int MaxRoutes = 1_000;
    private const int MaxPatterns = 10_000;
    private const int MaxNameLength = 64;
    private const string PatternWhat = "a domain, .domain for all below it, a mail address, or *";
    private const string SenderWhat = "a domain, .domain for all below it, a mail address, <> for reports, or *";

    public static RoutingOptions Read(SettingsReader reader, RoutingOptions d, IReadOnlyList<Domain> ours, IReadOnlyDictionary<Domain, TurnDomain> turned)
    {
        var transports = ReadTransports(reader);
        var smarthost = reader.Section(SmarthostKey) ? TransportSchema.Read(reader, SmarthostKey, Smarthost) : d.Smarthost;
        var names = transports.Keys.Append(Mx).Concat(smarthost is null ? [] : [Smarthost]).ToList();
        return d with
        {
            Transports = transports,
            Smarthost = smarthost,
            Routes = ReadRoutes(reader, names),
            Fallback = ReadFallback(reader, FallbackKey, names),
            FallbackAfter = reader.Integer("Relay:FallbackAfter", d.FallbackAfter, 1, MaxAttempts),
            BackupDomains = BackupSchema.Read(reader, ours, turned),
            BackupAskTimeout = reader.Duration("Relay:BackupAskTimeout", d.BackupAskTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)),
        };
    }

    private static Dictionary<string, TransportOptions> ReadTransports(SettingsReader reader)
    {
        var transports = new Dictionary<string, TransportOptions>(StringComparer.OrdinalIgnoreCase);
        foreach (var section in reader.Sections(TransportsKey, MaxTransports))
        {
            var name = section[(TransportsKey.Length + 1)..];
            // Read in any case, so that what is in it is known.
            var transport = TransportSchema.Read(reader, section, name);
            if (name.Length is 0 or > MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                reader.Mistake(section, "A transport's name has letters, digits, - and _ only.", "Write for example \"provider\".");
            else if (name.Equals(Mx, StringComparison.OrdinalIgnoreCase) || name.Equals(Smarthost, StringComparison.OrdinalIgnoreCase))
                reader.Mistake(section, $"\"{Mx}\" means the hosts that the DNS names, \"{Smarthost}\" is {SmarthostKey}.", "Give it another name.");
            else
                transports[name] = transport;
        }

        return transports;
    }

    private static List<RouteRule> ReadRoutes(SettingsReader reader, IReadOnlyList<string> names)
    {
        var rules = new List<RouteRule>();
        foreach (var section in reader.Objects(RoutesKey, MaxRoutes))
        {
            var to = reader.List<AddressPattern>($"{section}:To", [], AddressPattern.TryParse, PatternWhat, ".example.org", MaxPatterns);
            var from = reader.List<AddressPattern>($"{section}:From", [], AddressPattern.TryParse, SenderWhat, "example.org", MaxPatterns);
            if (!reader.Has($"{section}:To") && !reader.Has($"{section}:From"))
                reader.Mistake(section, "The rule does not say which mail it is about.", "Give it \"To\": [\"*\"] for all mail.");
            if (to.Any(pattern => pattern.Kind == AddressPatternKind.NullPath))
                reader.Mistake($"{section}:To", "No mail goes to <>.", "Put it into From: <> is the sender of reports.");
            var rule = new RouteRule(to, from, ReadName(reader, $"{section}:Via", names))
            {
                Fallback = ReadFallback(reader, $"{section}:Fallback", names),
                FallbackAfter = reader.Integer($"{section}:FallbackAfter", 0, 1, MaxAttempts) is var attempts and > 0 ? attempts : null,
            };
            if (rule.Fallback is not null && string.Equals(rule.Fallback, rule.Via, StringComparison.OrdinalIgnoreCase))
                reader.Mistake($"{section}:Fallback", "Its mail goes there already.", "Name another transport, or remove it.");
            rules.Add(rule);
        }

        return rules;
    }

    /// <summary>The name of the transport that takes over; hosts of the DNS cannot.</summary>
    private static string? ReadFallback(SettingsReader reader, string key, IReadOnlyList<string> names)
    {
        var transports = names.Where(name => name != Mx).ToList();
        var name = reader.Text<string>(key, null, SettingsSchema.TryPath, "the name of a transport", "provider");
        if (name is null || transports.Contains(name, StringComparer.OrdinalIgnoreCase))
            return name;

        reader.Mistake(key, "There is no such transport.", transports.Count == 0 ? $"Make one in {TransportsKey}." : $"There are {string.Join(", ", transports)}; more go into {TransportsKey}.");
        return null;
    }

    /// <summary>The name of a transport.</summary>
    /// <returns><see langword="null"/> for <c>mx</c>.</returns>
    private static string? ReadName(SettingsReader reader, string key, IReadOnlyList<string> names)
    {
        var name = reader.Text<string>(key, null, SettingsSchema.TryPath, "the name of a transport", Mx);
        if (name is null && !reader.Has(key))
            reader.Mistake(key, "The rule does not say where its mail goes.", $"Give it \"Via\": one of {string.Join(", ", names)}.");
        else if (name is not null && !names.Contains(name, StringComparer.OrdinalIgnoreCase))
            reader.Mistake(key, "There is no such transport.", $"There are {string.Join(", ", names)}; more go into {TransportsKey}.");
        return Mx.Equals(name, StringComparison.OrdinalIgnoreCase) ? null : name;
    }
}
