using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Host.Configuration;

/// <summary>The settings of the POP3 server, beside those of its listener.</summary>
internal static class Pop3Schema
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static Pop3Options Read(SettingsReader reader, Profile profile, Pop3Options d) => d with
    {
        AllowPlaintextAuthentication = reader.Flag("Pop3:AllowPlaintextAuthentication", profile == Profile.Development),
        AuthenticationMechanisms = ModuleSchema.ReadMechanisms(reader, "Pop3:AuthenticationMechanisms", profile == Profile.Development),
        MaxAuthenticationFailures = reader.Integer("Pop3:MaxAuthenticationFailures", d.MaxAuthenticationFailures, 1, 100),
        MaxErrors = reader.Integer("Pop3:MaxErrors", d.MaxErrors, 1, 10_000),
        MaxSessions = reader.Integer("Pop3:MaxSessions", d.MaxSessions, 1, 100_000),
        MaxSessionsPerAddress = reader.Integer("Pop3:MaxSessionsPerAddress", d.MaxSessionsPerAddress, 1, 100_000),
        MaxCommandLineOctets = (int)reader.Octets("Pop3:MaxCommandLineOctets", d.MaxCommandLineOctets, 255, 64 << 10),
        CommandTimeout = reader.Duration("Pop3:CommandTimeout", d.CommandTimeout, Second, 24 * Hour),
        AuthenticationTimeout = reader.Duration("Pop3:AuthenticationTimeout", d.AuthenticationTimeout, Second, Hour),
        LoginDelay = reader.Duration("Pop3:LoginDelay", d.LoginDelay, TimeSpan.Zero, 24 * Hour),
    };
}
