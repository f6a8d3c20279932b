using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailSuite.Testing;

/// <summary>Certificates of which nobody knows.</summary>
public static class Certificates
{
    public static X509Certificate2 SelfSigned(HashAlgorithmName hash)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = new CertificateRequest("CN=localhost", key, hash).CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), null);
    }

    public static X509Certificate2 SelfSignedRsa(HashAlgorithmName hash, RSASignaturePadding padding)
    {
        using var key = RSA.Create(2048);
        using var bare = new CertificateRequest("CN=localhost", key, hash, padding).CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), null);
    }
}
