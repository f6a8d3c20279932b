using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Host.Configuration;
using MailSuite.Host.Tls;
using MailSuite.Shared.Addressing;
using MailSuite.Suite.Tests.Configuration;
using MailSuite.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Suite.Tests.Tls;

public sealed class ServerTlsTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Makes_a_certificate_for_the_host_and_keeps_it()
    {
        var first = Tls(SelfMade("mail.example.org"));
        Assert.True(first.IsAvailable);
        Assert.True(first.IsSelfMade);
        Assert.True(first.Certificate.MatchesHostname("mail.example.org"));
        Assert.True(first.Certificate.MatchesHostname("localhost"));
        Assert.True(first.Certificate.HasPrivateKey);
        Assert.Equal(first.Certificate.Thumbprint, Tls(SelfMade("mail.example.org")).Certificate.Thumbprint);
        var key = Path.Combine(_directory.Path, "tls", "self-made.key.pem");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    [Fact]
    public void Makes_another_certificate_for_another_host_name() =>
        Assert.NotEqual(Tls(SelfMade("a.example.org")).Certificate.Thumbprint, Tls(SelfMade("b.example.org")).Certificate.Thumbprint);

    [Fact]
    public void Renews_its_own_certificate_before_it_ends()
    {
        var tls = Tls(SelfMade("mail.example.org"));
        var old = tls.Certificate.Thumbprint;
        _clock.Advance(TimeSpan.FromDays(380));
        Assert.NotEqual(old, tls.ForHandshake().ServerCertificateContext!.TargetCertificate.Thumbprint);
    }

    [Fact]
    public void Takes_up_renewed_files_without_a_restart()
    {
        var settings = Files("first.example.org", DateTime.UtcNow.AddMinutes(-10));
        var tls = Tls(settings);
        Files("second.example.org", DateTime.UtcNow);
        Assert.True(tls.ForHandshake().ServerCertificateContext!.TargetCertificate.MatchesHostname("first.example.org"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(tls.ForHandshake().ServerCertificateContext!.TargetCertificate.MatchesHostname("second.example.org"));
    }

    [Fact]
    public void Keeps_the_last_good_certificate_when_the_new_files_cannot_be_used()
    {
        var settings = Files("first.example.org", DateTime.UtcNow.AddMinutes(-10));
        var tls = Tls(settings);
        File.WriteAllText(settings.Tls.KeyFile!, "half a file");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(tls.ForHandshake().ServerCertificateContext!.TargetCertificate.MatchesHostname("first.example.org"));
        File.Delete(settings.Tls.CertificateFile!);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(tls.ForHandshake().ServerCertificateContext!.TargetCertificate.MatchesHostname("first.example.org"));
        Files("third.example.org", DateTime.UtcNow);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(tls.ForHandshake().ServerCertificateContext!.TargetCertificate.MatchesHostname("third.example.org"));
    }

    [Fact]
    public void Refuses_a_key_that_does_not_belong_to_its_certificate()
    {
        var settings = Files("first.example.org", DateTime.UtcNow);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(settings.Tls.KeyFile!, other.ExportPkcs8PrivateKeyPem());
        Assert.Null(CertificateFiles.TryLoad(settings.Tls.CertificateFile!, settings.Tls.KeyFile!, out var problem));
        Assert.NotNull(problem);
    }

    private ServerTls Tls(HostSettings settings) => new(settings, _clock, NullLogger<ServerTls>.Instance);

    private HostSettings SelfMade(string hostName) => Configurations.Read(Configurations.Least) with { DataDirectory = _directory.Path, HostName = Domain.Parse(hostName) };

    private HostSettings Files(string hostName, DateTime written)
    {
        var (certificateFile, keyFile) = (_directory.File("cert.pem"), _directory.File("key.pem"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hostName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(hostName);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(_clock.GetUtcNow().AddDays(-1), _clock.GetUtcNow().AddDays(90));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(certificateFile, written);
        File.SetLastWriteTimeUtc(keyFile, written);
        return SelfMade(hostName) with { Tls = new TlsSettings(certificateFile, keyFile, TimeSpan.FromSeconds(30)) };
    }
}
