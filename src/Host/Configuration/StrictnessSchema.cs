using System.Diagnostics.CodeAnalysis;
using System.Net;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Host.Configuration;

/// <summary>The section <c>Strictness</c>; defaults are those of the option record.</summary>
internal static class StrictnessSchema
{
    private const string ListsKey = "Strictness:DnsLists";
    private const string ListWords = "refuse, defer, quarantine or allow; address or domain; and the answers that count";
    private const string ListExample = "127.0.0.2";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static StrictnessOptions Read(SettingsReader reader, StrictnessOptions d) => d with
    {
        TrustedNetworks = reader.List<IPNetwork>("Strictness:TrustedNetworks", d.TrustedNetworks, NetworkText.TryParse, NetworkText.What, NetworkText.Example, maxCount: 100),
        HelloName = reader.Choice("Strictness:HelloName", d.HelloName),
        RefuseOwnName = reader.Flag("Strictness:RefuseOwnName", d.RefuseOwnName),
        ResolveName = reader.Flag("Strictness:ResolveName", d.ResolveName),
        RefusePipeliningErrors = reader.Flag("Strictness:RefusePipeliningErrors", d.RefusePipeliningErrors),
        GreetDelay = reader.Duration("Strictness:GreetDelay", d.GreetDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        MaxHeaderOctets = (int)reader.Octets("Strictness:MaxHeaderOctets", d.MaxHeaderOctets, 4 << 10, 16 << 20),
        MaxHeaderLineOctets = (int)reader.Octets("Strictness:MaxHeaderLineOctets", d.MaxHeaderLineOctets, 1_000, 16 << 20),
        MaxHeaderFields = reader.Integer("Strictness:MaxHeaderFields", d.MaxHeaderFields, 50, 1_000_000),
        MaxIdleCommands = reader.Integer("Strictness:MaxIdleCommands", d.MaxIdleCommands, 1, 1_000_000_000),
        TarpitErrors = reader.Integer("Strictness:TarpitErrors", d.TarpitErrors, 0, 10_000),
        TarpitDelay = reader.Duration("Strictness:TarpitDelay", d.TarpitDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        MaxSessionsPerNetwork = reader.Integer("Strictness:MaxSessionsPerNetwork", d.MaxSessionsPerNetwork, 1, 100_000),
        AddressRates = ReadRates(reader, "Strictness:AddressRates", d.AddressRates),
        NetworkRates = ReadRates(reader, "Strictness:NetworkRates", d.NetworkRates),
        DnsLists = ReadLists(reader),
        DnsListTimeout = reader.Duration("Strictness:DnsListTimeout", d.DnsListTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        Greylisting = ReadGreylisting(reader, d.Greylisting),
    };

    private static RateOptions ReadRates(SettingsReader reader, string section, RateOptions d) => new()
    {
        Connections = reader.Integer($"{section}:Connections", d.Connections, 0, 1_000_000),
        Mails = reader.Integer($"{section}:Mails", d.Mails, 0, 1_000_000),
        Recipients = reader.Integer($"{section}:Recipients", d.Recipients, 0, 1_000_000),
        RefusedRecipients = reader.Integer($"{section}:RefusedRecipients", d.RefusedRecipients, 0, 1_000_000),
    };

    private static GreylistOptions ReadGreylisting(SettingsReader reader, GreylistOptions d) => new()
    {
        Enabled = reader.Flag("Strictness:Greylisting:Enabled", d.Enabled),
        Delay = reader.Duration("Strictness:Greylisting:Delay", d.Delay, Second, Day),
        Window = reader.Duration("Strictness:Greylisting:Window", d.Window, TimeSpan.FromMinutes(1), 30 * Day),
        Lifetime = reader.Duration("Strictness:Greylisting:Lifetime", d.Lifetime, TimeSpan.FromHours(1), 3_650 * Day),
        KnownAfter = reader.Integer("Strictness:Greylisting:KnownAfter", d.KnownAfter, 0, 1_000_000),
        MaxEntries = reader.Integer("Strictness:Greylisting:MaxEntries", d.MaxEntries, 1_000, 10_000_000),
    };

    /// <summary>Zone → what follows from being listed, what is looked up there, and which answers count.</summary>
    private static List<DnsList> ReadLists(SettingsReader reader)
    {
        var lists = new List<DnsList>();
        foreach (var node in reader.Members(ListsKey))
        {
            var zone = node.Key[(ListsKey.Length + 1)..];
            if (!Domain.TryParse(zone, out var name) || name.IsAddressLiteral)
            {
                reader.Wrong(node, "The list must be a domain name.", "Write for example \"dnsbl.example.org\".", lists);
                continue;
            }

            var list = new DnsList(name.Ascii, DnsListSubject.Address, DnsListAction.Refuse, []);
            foreach (var word in reader.Items<ListWord>(node, TryWord, ListWords, ListExample, maxCount: 100))
                list = word.ApplyTo(list);
            lists.Add(list);
        }

        return lists;
    }

    private static bool TryWord(ReadOnlySpan<char> text, [NotNullWhen(true)] out ListWord? word)
    {
        word = char.IsAsciiLetter(text.Length > 0 ? text[0] : ' ')
            ? Enum.TryParse<DnsListAction>(text, ignoreCase: true, out var action) ? new ListWord(action, null, null)
            : Enum.TryParse<DnsListSubject>(text, ignoreCase: true, out var subject) ? new ListWord(null, subject, null)
            : null
            : NetworkText.TryParse(text, out var code) && code.BaseAddress.ToString().StartsWith("127.", StringComparison.Ordinal) ? new ListWord(null, null, code)
            : null;
        return word is not null;
    }

    private sealed record ListWord(DnsListAction? Action, DnsListSubject? Subject, IPNetwork? Code)
    {
        public DnsList ApplyTo(DnsList list) => list with
        {
            Action = Action ?? list.Action,
            Subject = Subject ?? list.Subject,
            Codes = Code is { } code ? [.. list.Codes, code] : list.Codes,
        };
    }
}
