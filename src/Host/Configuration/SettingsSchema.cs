using System.Net;
using MailSuite.Host.Running;
using MailSuite.Shared.Addressing;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.Configuration;

/// <summary>All settings of the host: key, default, bounds. What <c>mailsuite.example.json</c> explains.</summary>
internal static class SettingsSchema
{
    private const int MaxPortOffset = 50_000;

    /// <summary>Keys that an environment variable without two underscores may set.</summary>
    public static readonly IReadOnlySet<string> TopLevelKeys =
        new HashSet<string>(["HostName", "Domains", "DomainAliases", "Aliases", "Moved", "DataDirectory", "ShutdownTimeout"], StringComparer.OrdinalIgnoreCase);

    public static HostSettings Read(SettingsReader reader, Profile profile)
    {
        var server = profile == Profile.Server;
        var hostName = ReadHostName(reader, server);
        var domains = reader.List("Domains", [hostName], Domain.TryParse, "a domain name", "example.org");
        if (domains.Count == 0)
            reader.Mistake("Domains", "There is no domain here.", "Name at least one domain whose mail is kept here.");
        if (domains.Any(domain => domain.IsAddressLiteral))
            reader.Mistake("Domains", "An address literal is no domain of mailboxes.", "Name domains such as \"example.org\".");

        var domainAliases = DomainAliasSchema.Read(reader, domains);
        var portOffset = reader.Integer("PortOffset", 0, 0, MaxPortOffset);
        var data = ReadDataDirectory(reader, profile, portOffset);
        var endpoints = EndpointSchema.Read(reader, profile, portOffset);
        var web = EndpointSchema.ReadWeb(reader, server, endpoints);
        var mta = ModuleSchema.ReadMta(reader, profile, data, hostName, [.. domains, .. domainAliases.Keys]);
        var metrics = MetricsSchema.Read(reader, profile);
        var settings = new HostSettings
        {
            Profile = profile,
            DataDirectory = data,
            HostName = hostName,
            PortOffset = portOffset,
            Endpoints = endpoints,
            Tls = TlsSchema.Read(reader),
            Connections = new ConnectionSettings(
                reader.Integer("Connections:Max", 15_000, 10, 1_000_000),
                reader.Integer("Connections:Backlog", 512, 1, 65_535)),
            Web = web,
            Log = ReadLog(reader),
            ShutdownTimeout = reader.Duration("ShutdownTimeout", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            MayShiftClock = reader.Flag("Clock:Shift", !server),
            Metrics = metrics,
            Mta = mta with { HasMetrics = metrics.IsOn },
            Mda = ModuleSchema.ReadMda(reader, profile, data, hostName, domains, domainAliases),
            Mua = ModuleSchema.ReadMua(reader, profile, data, hostName, mta.MaxMessageOctets, secureCookies: web.Https || web.TrustedProxies.Count > 0),
        };
        if (settings.Connections.Max <= mta.MaxSessions)
            reader.Mistake("Connections:Max", $"It is not above Mta:MaxSessions ({mta.MaxSessions}).", "Make it larger, so that a client in excess hears 421 before its connection is cut.");
        if (settings.Connections.Max <= settings.Mda.Imap.MaxSessions)
            reader.Mistake("Connections:Max", $"It is not above Imap:MaxSessions ({settings.Mda.Imap.MaxSessions}).", "Make it larger, so that a client in excess hears BYE before its connection is cut.");
        if (settings.Connections.Max <= settings.Mda.Pop3.MaxSessions)
            reader.Mistake("Connections:Max", $"It is not above Pop3:MaxSessions ({settings.Mda.Pop3.MaxSessions}).", "Make it larger, so that a client in excess hears -ERR before its connection is cut.");
        return settings;
    }

    private static Domain ReadHostName(SettingsReader reader, bool server)
    {
        var none = Domain.Parse("localhost");
        var name = reader.Text("HostName", none, Domain.TryParse, "the full name of this host", "mail.example.org");
        if (server && (name.Equals(none) || name.IsAddressLiteral || !name.Ascii.Contains('.', StringComparison.Ordinal)))
            reader.Mistake("HostName", "A mail server says its full name to others (RFC 5321 §2.3.5).", "Write the name that the DNS has for this host, such as \"mail.example.org\".");
        return name;
    }

    private static string ReadDataDirectory(SettingsReader reader, Profile profile, int portOffset)
    {
        var path = reader.Text<string>("DataDirectory", null, TryPath, "a directory", "/var/lib/mailsuite") ?? DataDirectory.DefaultFor(profile, portOffset);
        if (path.Length > 0)
            return Path.GetFullPath(path);
        reader.Mistake("DataDirectory", "This user has no home directory to keep data in.", "Say where with --data DIR.");
        return Path.GetTempPath();
    }

    private static LogSettings ReadLog(SettingsReader reader)
    {
        var format = reader.Choice("Log:Format", LogFormat.Human);
        var level = reader.Choice("Log:Level", LogLevel.Information);
        var levels = new Dictionary<string, LogLevel>(StringComparer.Ordinal);
        foreach (var member in reader.Members("Log:Levels"))
            levels[member.Key["Log:Levels:".Length..]] = reader.ChoiceOf(member, LogLevel.Information);
        return new LogSettings(format, level, levels);
    }

    internal static bool TryPath(ReadOnlySpan<char> text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? path)
    {
        path = text.Length > 0 && !text.Contains('\0') ? text.ToString() : null;
        return path is not null;
    }
}
