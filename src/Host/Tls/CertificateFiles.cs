using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailSuite.Host.Tls;

/// <summary>Reads a certificate, its chain and its key from PEM files.</summary>
internal static class CertificateFiles
{
    /// <summary>The certificate ready for handshakes, or what is wrong with the files.</summary>
    public static SslStreamCertificateContext? TryLoad(string certificateFile, string keyFile, out string? problem)
    {
        try
        {
            using var fromPem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            problem = null;
            return Context(fromPem, chain);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = e.Message;
            return null;
        }
    }

    public static SslStreamCertificateContext Context(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        // Windows answers no handshake with a key that lives in memory only; PKCS #12 makes it one that does.
        var usable = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        // Offline: a handshake must not wait for somebody's OCSP server.
        return SslStreamCertificateContext.Create(usable, chain, offline: true);
    }
}
