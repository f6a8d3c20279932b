using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Host.Configuration;

/// <summary>The settings of connections to other hosts: <c>Relay:Connections</c>, and whose certificates are trusted there.</summary>
internal static class ConnectionSchema
{
    public static ConnectionOptions Read(SettingsReader reader, ConnectionOptions d) => d with
    {
        IdleTime = reader.Duration("Relay:Connections:IdleTime", d.IdleTime, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        MaxAge = reader.Duration("Relay:Connections:MaxAge", d.MaxAge, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        MaxMessages = reader.Integer("Relay:Connections:MaxMessages", d.MaxMessages, 1, 100_000),
        MaxIdle = reader.Integer("Relay:Connections:MaxIdle", d.MaxIdle, 1, 10_000),
        MaxIdlePerHost = reader.Integer("Relay:Connections:MaxIdlePerHost", d.MaxIdlePerHost, 1, 1_000),
    };

    public static string? ReadTrustedCertificates(SettingsReader reader)
    {
        const string Key = "Relay:TrustedCertificates";
        var file = reader.Text<string>(Key, null, SettingsSchema.TryPath, "a PEM file", "/etc/mailsuite/authorities.pem");
        if (file is null)
            return null;

        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            if (roots.Count == 0)
                reader.Mistake(Key, "There is no certificate in it.", "Give a PEM file of the authorities that have signed the certificates of your next hosts.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            reader.Mistake(Key, $"It cannot be used: {e.Message}", "Give a PEM file of the authorities that have signed the certificates of your next hosts.");
        }

        return file;
    }
}
