using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Shared.Addressing;

namespace MailSuite.Host.Tls;

/// <summary>The certificate that the program makes for itself when it is given none, kept in the data directory.</summary>
/// <remarks>
/// It encrypts and proves nothing: other mail servers take it (RFC 7435), mail programs of people warn. It is made anew for another
/// host name and a month before it ends.
/// </remarks>
internal static class SelfMadeCertificate
{
    private const string Folder = "tls";
    private const string CertificateName = "self-made.crt.pem";
    private const string KeyName = "self-made.key.pem";

    /// <summary>What browsers and mail programs accept at most.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromDays(397);

    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>Makes the certificate when there is none that is good for a while.</summary>
    /// <returns>The two PEM files.</returns>
    public static (string CertificateFile, string KeyFile) Ensure(string dataDirectory, Domain hostName, TimeProvider clock)
    {
        var folder = Path.Combine(dataDirectory, Folder);
        var certificateFile = Path.Combine(folder, CertificateName);
        var keyFile = Path.Combine(folder, KeyName);
        if (!IsGood(certificateFile, keyFile, hostName, clock))
        {
            Directory.CreateDirectory(folder);
            Make(certificateFile, keyFile, hostName, clock);
        }

        return (certificateFile, keyFile);
    }

    private static bool IsGood(string certificateFile, string keyFile, Domain hostName, TimeProvider clock)
    {
        if (CertificateFiles.TryLoad(certificateFile, keyFile, out _) is not { } context)
            return false;
        var certificate = context.TargetCertificate;
        return certificate.MatchesHostname(NameOf(hostName)) && certificate.NotAfter.ToUniversalTime() - clock.GetUtcNow().UtcDateTime > RenewBefore;
    }

    private static void Make(string certificateFile, string keyFile, Domain hostName, TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={NameOf(hostName)}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (hostName.Address is { } address)
            names.AddIpAddress(address);
        else
            names.AddDnsName(hostName.Ascii);
        if (hostName.Ascii != "localhost")
            names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));

        var now = clock.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now + Validity);
        // The key first: a certificate without its key would be taken for a fault of the owner's.
        WritePrivate(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
    }

    private static void WritePrivate(string file, string pem)
    {
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        writer.Write(pem);
    }

    private static string NameOf(Domain hostName) => hostName.Address?.ToString() ?? hostName.Ascii;
}
