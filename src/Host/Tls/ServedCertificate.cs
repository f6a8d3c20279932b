using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MailSuite.Host.Tls;

/// <summary>A certificate in service: the names it is for, and the options of every handshake that uses it, made once.</summary>
internal sealed class ServedCertificate
{
    private static readonly List<SslApplicationProtocol> HttpProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    public ServedCertificate(SslStreamCertificateContext context)
    {
        Certificate = context.TargetCertificate;
        DnsNames = [.. Certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames())];
        ForMail = OptionsOf(context);
        ForHttp = OptionsOf(context);
        ForHttp.ApplicationProtocols = HttpProtocols;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>The dNSNames among the subject's alternative names; a common name is no name of a server (RFC 9525 §2).</summary>
    public IReadOnlyList<string> DnsNames { get; }

    public SslServerAuthenticationOptions ForMail { get; }

    /// <summary>The same, where the protocol is agreed on in the handshake (RFC 7301).</summary>
    public SslServerAuthenticationOptions ForHttp { get; }

    private static SslServerAuthenticationOptions OptionsOf(SslStreamCertificateContext context) => new()
    {
        ServerCertificateContext = context,
        // RFC 8996 forbids what is older.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };
}
