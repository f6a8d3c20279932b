using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Testing;

/// <summary>A server's certificate that nobody knows.</summary>
/// <param name="certificate">Another one than the usual.</param>
public sealed class SelfSignedTls(X509Certificate2? certificate = null) : IServerTls
{
    private static readonly Lazy<X509Certificate2> Usual = new(Make);

    private readonly SslServerAuthenticationOptions _options = new() { ServerCertificateContext = SslStreamCertificateContext.Create(certificate ?? Usual.Value, null, offline: true) };

    public bool IsAvailable { get; set; } = true;

    public SslServerAuthenticationOptions ForHandshake(string serverName) => _options;

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var bare = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), null);
    }
}
