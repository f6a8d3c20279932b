using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailSuite.Testing;

/// <summary>A certificate that nobody has signed but itself.</summary>
public static class SmtpPeerCertificate
{
    /// <param name="validFrom">From now; default since yesterday.</param>
    /// <param name="validFor">From now; default until tomorrow.</param>
    public static X509Certificate2 SelfSigned(string host, TimeSpan? validFrom = null, TimeSpan? validFor = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var day = TimeSpan.FromDays(1);
        var end = DateTimeOffset.UtcNow + (validFor ?? day);
        var begin = validFrom is null ? (end < DateTimeOffset.UtcNow ? end : DateTimeOffset.UtcNow) - day : DateTimeOffset.UtcNow + validFrom.Value;
        using var certificate = request.CreateSelfSigned(begin, end);
        // A key that exists only in memory is refused by the TLS of Windows.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
