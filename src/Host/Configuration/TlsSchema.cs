using MailSuite.Host.Tls;

namespace MailSuite.Host.Configuration;

/// <summary>The <c>Tls</c> settings: one pair of files, or several for several names.</summary>
internal static class TlsSchema
{
    private const string CertificateFile = "CertificateFile";
    private const string KeyFile = "KeyFile";

    /// <summary>Certificates at most; more names fit into each.</summary>
    private const int MaxCertificates = 1_000;

    public static TlsSettings Read(SettingsReader reader)
    {
        var certificates = new List<CertificateSettings>();
        if (ReadPair(reader, "Tls", isRequired: false) is { } alone)
            certificates.Add(alone);
        foreach (var key in reader.Objects("Tls:Certificates", MaxCertificates))
        {
            if (ReadPair(reader, key, isRequired: true) is { } pair)
                certificates.Add(pair);
        }

        return new TlsSettings(certificates, reader.Duration("Tls:ReloadInterval", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)));
    }

    private static CertificateSettings? ReadPair(SettingsReader reader, string section, bool isRequired)
    {
        var (certificateKey, keyKey) = ($"{section}:{CertificateFile}", $"{section}:{KeyFile}");
        var certificate = reader.Text<string>(certificateKey, null, SettingsSchema.TryPath, "a PEM file", "/etc/mailsuite/fullchain.pem");
        var key = reader.Text<string>(keyKey, null, SettingsSchema.TryPath, "a PEM file", "/etc/mailsuite/privkey.pem");
        if (certificate is null != key is null || (certificate is null && isRequired))
            reader.Mistake(certificate is null ? certificateKey : keyKey, "A certificate needs its key.", $"Give both {certificateKey} and {keyKey}, or neither.");
        foreach (var (name, file) in new[] { (certificateKey, certificate), (keyKey, key) })
        {
            if (file is not null && !File.Exists(file))
                reader.Mistake(name, "There is no such file.", "Correct the path, or remove both keys: then a certificate of our own making is used.");
        }

        if (certificate is null || key is null)
            return null;

        if (File.Exists(certificate) && File.Exists(key) && CertificateFiles.TryLoad(certificate, key, out var problem) is null)
            reader.Mistake(certificateKey, $"It cannot be used: {problem}", "Both files must be PEM, and the key must belong to the first certificate.");
        return new CertificateSettings(certificate, key);
    }
}
