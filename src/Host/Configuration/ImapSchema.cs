using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Host.Configuration;

/// <summary>The settings of the IMAP server; defaults are those of its option record.</summary>
internal static class ImapSchema
{
    private const long KiB = 1L << 10;
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static ImapOptions Read(SettingsReader reader, Profile profile)
    {
        var development = profile == Profile.Development;
        var d = new ImapOptions();
        var options = d with
        {
            AllowPlaintextAuthentication = reader.Flag("Imap:AllowPlaintextAuthentication", development),
            AuthenticationMechanisms = ModuleSchema.ReadMechanisms(reader, "Imap:AuthenticationMechanisms", development),
            MaxSessions = reader.Integer("Imap:MaxSessions", d.MaxSessions, 1, 1_000_000),
            MaxSessionsPerAddress = reader.Integer("Imap:MaxSessionsPerAddress", d.MaxSessionsPerAddress, 1, 1_000_000),
            MaxSessionsPerAccount = reader.Integer("Imap:MaxSessionsPerAccount", d.MaxSessionsPerAccount, 1, 1_000_000),
            MaxLineOctets = (int)reader.Octets("Imap:MaxLineOctets", d.MaxLineOctets, 8 * KiB, 16 * MiB),
            MaxLiteralOctets = (int)reader.Octets("Imap:MaxLiteralOctets", d.MaxLiteralOctets, 4 * KiB, 64 * MiB),
            MaxCommandOctets = (int)reader.Octets("Imap:MaxCommandOctets", d.MaxCommandOctets, 16 * KiB, 256 * MiB),
            MaxMessageOctets = reader.Octets("Imap:MaxMessageOctets", d.MaxMessageOctets, 64 * KiB, 2 * GiB - 1),
            AuthenticationTimeout = reader.Duration("Imap:AuthenticationTimeout", d.AuthenticationTimeout, Second, TimeSpan.FromHours(1)),
            IdleTimeout = reader.Duration("Imap:IdleTimeout", d.IdleTimeout, TimeSpan.FromMinutes(30), 7 * Day),
            TransferTimeout = reader.Duration("Imap:TransferTimeout", d.TransferTimeout, Second, TimeSpan.FromHours(1)),
            MaxErrors = reader.Integer("Imap:MaxErrors", d.MaxErrors, 1, 10_000),
            MaxAuthenticationFailures = reader.Integer("Imap:MaxAuthenticationFailures", d.MaxAuthenticationFailures, 1, 100),
        };
        if (options.MaxCommandOctets < options.MaxLineOctets)
            reader.Mistake("Imap:MaxCommandOctets", "A command has at least a line.", "Make it no smaller than Imap:MaxLineOctets.");
        return options;
    }
}
