using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Host.Configuration;

namespace MailSuite.Suite.Tests.Support;

/// <summary>Certificates that have signed themselves, as PEM files.</summary>
internal static class PemFiles
{
    /// <summary>Writes a certificate for these names, the first of them its subject too, and its key.</summary>
    public static void Write(CertificateSettings files, DateTimeOffset now, params IReadOnlyList<string> dnsNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={dnsNames[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in dnsNames)
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(90));
        File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
