using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailSuite.Testing;

/// <summary>A certificate that nobody has signed but itself.</summary>
public static class SmtpPeerCertificate
{
    public static X509Certificate2 SelfSigned(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // A key that exists only in memory is refused by the TLS of Windows.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
