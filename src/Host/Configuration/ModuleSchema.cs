using System.Net;
using MailSuite.Host.Running;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Host.Configuration;

/// <summary>The settings that the modules are told; defaults are those of their option records.</summary>
internal static class ModuleSchema
{
    private const long KiB = 1L << 10;
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;
    private const long TiB = 1L << 40;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static MtaOptions ReadMta(SettingsReader reader, Profile profile, string dataDirectory, Domain hostName, IReadOnlyList<Domain> domains)
    {
        var development = profile == Profile.Development;
        var d = new MtaOptions { DataDirectory = dataDirectory, HostName = hostName };
        var turned = TurnDomainSchema.Read(reader, domains);
        return d with
        {
            RelayEnabled = !development,
            AllowPlaintextAuthentication = reader.Flag("Mta:AllowPlaintextAuthentication", development),
            AuthenticationMechanisms = ReadMechanisms(reader, "Mta:AuthenticationMechanisms", development, offered: SaslMechanisms.WithoutBinding),
            AuthenticateOnMx = development,
            SubmissionOwnership = reader.Flag("Mta:SubmissionOwnership", !development),
            MaxMessagesPerDay = reader.Integer("Mta:MaxMessagesPerDay", development ? 0 : d.MaxMessagesPerDay, 0, 100_000_000),
            MaxRecipientsPerDay = reader.Integer("Mta:MaxRecipientsPerDay", development ? 0 : d.MaxRecipientsPerDay, 0, 100_000_000),
            Terminal = reader.Choice("Mta:Terminal", development ? Offer.Always : d.Terminal),
            Verify = reader.Choice("Mta:Verify", development ? Offer.Always : d.Verify),
            Expand = reader.Choice("Mta:Expand", development ? Offer.Always : d.Expand),
            TellForwarding = reader.Flag("Mta:TellForwarding", development),
            MaxMessageOctets = reader.Octets("Mta:MaxMessageOctets", d.MaxMessageOctets, 64 * KiB, 2 * GiB - 1),
            MaxCommandLineOctets = (int)reader.Octets("Mta:MaxCommandLineOctets", d.MaxCommandLineOctets, 512, 64 * KiB),
            MaxTextLineOctets = (int)reader.Octets("Mta:MaxTextLineOctets", d.MaxTextLineOctets, 1_000, 16 * MiB),
            MaxRecipients = reader.Integer("Mta:MaxRecipients", d.MaxRecipients, 100, 100_000),
            MaxTransactions = reader.Integer("Mta:MaxTransactions", d.MaxTransactions, 1, 1_000_000),
            DsnForStrangers = reader.Flag("Mta:DsnForStrangers", d.DsnForStrangers),
            MaxFutureRelease = reader.Duration("Mta:MaxFutureRelease", d.MaxFutureRelease, TimeSpan.Zero, 3_650 * Day),
            MaxErrors = reader.Integer("Mta:MaxErrors", d.MaxErrors, 1, 10_000),
            MaxAuthenticationFailures = reader.Integer("Mta:MaxAuthenticationFailures", d.MaxAuthenticationFailures, 1, 100),
            MaxSessions = reader.Integer("Mta:MaxSessions", d.MaxSessions, 1, 100_000),
            MaxSessionsPerAddress = reader.Integer("Mta:MaxSessionsPerAddress", d.MaxSessionsPerAddress, 1, 100_000),
            XclientPeers = reader.List("Mta:XclientPeers", d.XclientPeers, NetworkText.TryParse, NetworkText.What, NetworkText.Example, maxCount: 100),
            XforwardPeers = reader.List("Mta:XforwardPeers", d.XforwardPeers, NetworkText.TryParse, NetworkText.What, NetworkText.Example, maxCount: 100),
            RelayNetworks = reader.List("Mta:RelayNetworks", d.RelayNetworks, NetworkText.TryParsePart, "an IP address or a network that is not the whole Internet", NetworkText.Example, maxCount: 100),
            MaxReceivedFields = reader.Integer("Mta:MaxReceivedFields", d.MaxReceivedFields, 5, 1_000),
            CommandTimeout = reader.Duration("Mta:CommandTimeout", d.CommandTimeout, Second, Hour),
            DataBlockTimeout = reader.Duration("Mta:DataBlockTimeout", d.DataBlockTimeout, Second, Hour),
            DataTotalTimeout = reader.Duration("Mta:DataTotalTimeout", d.DataTotalTimeout, Second, Day),
            SpillOctets = (int)reader.Octets("Mta:SpillOctets", d.SpillOctets, 4 * KiB, 64 * MiB),
            MinFreeOctets = reader.Octets("Mta:MinFreeOctets", d.MinFreeOctets, 0, TiB),
            BusyTimeout = reader.Duration("Mta:BusyTimeout", d.BusyTimeout, Second, TimeSpan.FromMinutes(5)),
            LargeMessageOctets = (int)reader.Octets("Mta:LargeMessageOctets", d.LargeMessageOctets, 4 * KiB, 512 * MiB),
            SourceRoutes = reader.Choice("Mta:SourceRoutes", d.SourceRoutes),
            TurnDomains = turned,
            TurnInterval = reader.Duration("Mta:TurnInterval", d.TurnInterval, TimeSpan.Zero, Hour),
            Strictness = StrictnessSchema.Read(reader, d.Strictness),
            Relay = ReadRelay(reader, d.Relay, domains, turned),
            Webhooks = WebhookSchema.Read(reader, profile),
            Forwarding = ForwardingSchema.Read(reader, domains),
        };
    }

    public static MdaOptions ReadMda(SettingsReader reader, Profile profile, string dataDirectory, Domain hostName, IReadOnlyList<Domain> domains, IReadOnlyDictionary<Domain, Domain> domainAliases)
    {
        var aliases = AliasSchema.Read(reader, profile, domains, domainAliases);
        var d = new MdaOptions { DataDirectory = dataDirectory, HostName = hostName.Ascii };
        return d with
        {
            Domains = domains,
            DomainAliases = domainAliases,
            EveryoneIsLocal = profile == Profile.Development,
            Aliases = aliases,
            Moved = AliasSchema.ReadMoved(reader, profile, domains, domainAliases, aliases),
            DetailSeparators = reader.Characters("Mda:DetailSeparators", d.DetailSeparators, "+-_=.#"),
            DetailMailbox = reader.Choice("Mda:DetailMailbox", d.DetailMailbox),
            QuotaGrace = reader.Duration("Mda:QuotaGrace", d.QuotaGrace, TimeSpan.Zero, 365 * Day),
            QuotaOctets = reader.Octets("Mda:QuotaOctets", d.QuotaOctets, 0, 1024 * TiB),
            QuotaMessages = reader.Count("Mda:QuotaMessages", d.QuotaMessages, 0, 1_000_000_000),
            MaxMailboxes = reader.Integer("Mda:MaxMailboxes", d.MaxMailboxes, 10, 1_000_000),
            MinFreeOctets = reader.Octets("Mda:MinFreeOctets", d.MinFreeOctets, 0, TiB),
            BusyTimeout = reader.Duration("Mda:BusyTimeout", d.BusyTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
            MaxGroup = reader.Integer("Mda:MaxGroup", d.MaxGroup, 1, 10_000),
            CachedMessages = reader.Count("Mda:CachedMessages", d.CachedMessages, 0, 1_000_000_000),
            LargeMessageOctets = (int)reader.Octets("Mda:LargeMessageOctets", d.LargeMessageOctets, 4 * KiB, 512 * MiB),
            Search = SearchSchema.Read(reader, d.Search),
            Imap = ImapSchema.Read(reader, profile),
            Pop3 = Pop3Schema.Read(reader, profile, d.Pop3),
        };
    }

    public static MuaOptions ReadMua(SettingsReader reader, Profile profile, string dataDirectory, Domain hostName, long maxMessageOctets, bool secureCookies)
    {
        var d = new MuaOptions { DataDirectory = dataDirectory, HostName = hostName.Ascii, LocalToken = RunFile.NewToken() };
        return d with
        {
            AnyPassword = profile == Profile.Development,
            SecureCookies = secureCookies,
            JourneyRetention = reader.Duration("Mua:JourneyRetention", d.JourneyRetention, Hour, 3_650 * Day),
            JourneyMaxEvents = reader.Count("Mua:JourneyMaxEvents", d.JourneyMaxEvents, 1_000, 1_000_000_000),
            MaxMessageOctets = reader.Octets("Mua:MaxMessageOctets", maxMessageOctets, 64 * KiB, maxMessageOctets),
        };
    }

    /// <summary>SCRAM needs to know the password, so where any is right it is not there to be asked for.</summary>
    internal static IReadOnlyList<string> ReadMechanisms(SettingsReader reader, string key, bool development, IReadOnlyList<string>? offered = null)
    {
        var all = development ? SaslMechanisms.ByPassword : SaslMechanisms.All;
        return reader.List<string>(key, development ? all : offered ?? all, TryMechanism, $"one of {string.Join(", ", all)}", all[0], maxCount: 16);

        bool TryMechanism(ReadOnlySpan<char> text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? mechanism)
        {
            var name = text.ToString();
            mechanism = all.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
            return mechanism is not null;
        }
    }

    private static RelayOptions ReadRelay(SettingsReader reader, RelayOptions d, IReadOnlyList<Domain> domains, IReadOnlyDictionary<Domain, TurnDomain> turned) => d with
    {
        Port = reader.Integer("Relay:Port", d.Port, 1, 65_535),
        Routing = RoutingSchema.Read(reader, d.Routing, domains, turned),
        DnsServers = reader.List("Relay:DnsServers", d.DnsServers, TryDnsServer, "an IP address with or without a port", "127.0.0.1:53", maxCount: 16),
        DnsTimeout = reader.Duration("Relay:DnsTimeout", d.DnsTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        DnsRetries = reader.Integer("Relay:DnsRetries", d.DnsRetries, 0, 10),
        DnsCacheEntries = reader.Integer("Relay:DnsCacheEntries", d.DnsCacheEntries, 0, 1_000_000),
        RetryDelays = reader.Durations("Relay:RetryDelays", d.RetryDelays, Second, 7 * Day, maxCount: 100),
        RetryJitter = reader.Integer("Relay:RetryJitter", d.RetryJitter, 0, 100),
        Lifetime = reader.Duration("Relay:Lifetime", d.Lifetime, Second, 60 * Day),
        DelayWarning = reader.Duration("Relay:DelayWarning", d.DelayWarning, TimeSpan.Zero, 60 * Day),
        MaxReturnedOctets = (int)reader.Octets("Relay:MaxReturnedOctets", d.MaxReturnedOctets, 0, 64 * MiB),
        DoubleBounces = reader.Flag("Relay:DoubleBounces", d.DoubleBounces),
        DoubleBounceAddress = reader.Text<EnvelopeAddress>("Relay:DoubleBounceAddress", d.DoubleBounceAddress, EnvelopeAddress.TryParse, "a mail address", "admin@example.org"),
        KeepUndeliverable = reader.Duration("Relay:KeepUndeliverable", d.KeepUndeliverable, Hour, 3_650 * Day),
        KeepRetired = reader.Duration("Relay:KeepRetired", d.KeepRetired, Day, 3_650 * Day),
        Suppression = reader.Flag("Relay:Suppression", d.Suppression),
        KeepSuppressions = reader.Duration("Relay:KeepSuppressions", d.KeepSuppressions, Hour, 3_650 * Day),
        MaxConcurrent = reader.Integer("Relay:MaxConcurrent", d.MaxConcurrent, 1, 10_000),
        MaxConcurrentPerDestination = reader.Integer("Relay:MaxConcurrentPerDestination", d.MaxConcurrentPerDestination, 1, 1_000),
        HandOverMessages = reader.Integer("Relay:HandOverMessages", d.HandOverMessages, 0, 1_000_000),
        HandOverOctets = reader.Octets("Relay:HandOverOctets", d.HandOverOctets, 0, 1L << 40),
        Connections = ConnectionSchema.Read(reader, d.Connections),
        TrustedCertificates = ConnectionSchema.ReadTrustedCertificates(reader),
        TlsDowngrade = reader.Choice("Relay:TlsDowngrade", d.TlsDowngrade),
        TlsMemory = reader.Duration("Relay:TlsMemory", d.TlsMemory, TimeSpan.Zero, 3_650 * Day),
        ConnectTimeout = reader.Duration("Relay:ConnectTimeout", d.ConnectTimeout, TimeSpan.FromMilliseconds(100), Hour),
        ReplyTimeout = reader.Duration("Relay:ReplyTimeout", d.ReplyTimeout, Second, Hour),
        FinalReplyTimeout = reader.Duration("Relay:FinalReplyTimeout", d.FinalReplyTimeout, Second, Hour),
    };

    private static bool TryDnsServer(ReadOnlySpan<char> text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPEndPoint? server)
    {
        const int DnsPort = 53;
        server = IPAddress.TryParse(text, out var address) ? new IPEndPoint(address, DnsPort)
            : IPEndPoint.TryParse(text, out var endPoint) && endPoint.Port > 0 ? endPoint
            : null;
        return server is not null;
    }
}
