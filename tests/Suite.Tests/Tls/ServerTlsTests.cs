using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Host.Configuration;
using MailSuite.Host.Tls;
using MailSuite.Shared.Addressing;
using MailSuite.Suite.Tests.Configuration;
using MailSuite.Suite.Tests.Support;
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
        Assert.NotEqual(old, Served(tls).Thumbprint);
    }

    [Fact]
    public void Takes_up_renewed_files_without_a_restart()
    {
        var settings = Files("first.example.org", DateTime.UtcNow.AddMinutes(-10));
        var tls = Tls(settings);
        Files("second.example.org", DateTime.UtcNow);
        Assert.True(Served(tls).MatchesHostname("first.example.org"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Served(tls).MatchesHostname("second.example.org"));
    }

    [Fact]
    public void Keeps_the_last_good_certificate_when_the_new_files_cannot_be_used()
    {
        var settings = Files("first.example.org", DateTime.UtcNow.AddMinutes(-10));
        var tls = Tls(settings);
        File.WriteAllText(settings.Tls.Certificates[0].KeyFile, "half a file");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Served(tls).MatchesHostname("first.example.org"));
        File.Delete(settings.Tls.Certificates[0].CertificateFile);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Served(tls).MatchesHostname("first.example.org"));
        Files("third.example.org", DateTime.UtcNow);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Served(tls).MatchesHostname("third.example.org"));
    }

    [Fact]
    public void Refuses_a_key_that_does_not_belong_to_its_certificate()
    {
        var settings = Files("first.example.org", DateTime.UtcNow);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(settings.Tls.Certificates[0].KeyFile, other.ExportPkcs8PrivateKeyPem());
        Assert.Null(CertificateFiles.TryLoad(settings.Tls.Certificates[0].CertificateFile, settings.Tls.Certificates[0].KeyFile, out var problem));
        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData("", "first.example.org")]
    [InlineData("unknown.example.com", "first.example.org")]
    [InlineData("first.example.org", "first.example.org")]
    [InlineData("second.example.org", "second.example.org")]
    [InlineData("SECOND.Example.ORG", "second.example.org")]
    [InlineData("second.example.org.", "second.example.org")]
    [InlineData("any.example.net", "*.example.net")]
    [InlineData("exact.example.net", "exact.example.net")]
    [InlineData("example.net", "first.example.org")]
    [InlineData("two.labels.example.net", "first.example.org")]
    [InlineData(".example.net", "first.example.org")]
    [InlineData("foo.part.example.com", "first.example.org")]
    [InlineData("also.example.org", "second.example.org")]
    public void Answers_with_the_certificate_for_the_name(string asked, string served)
    {
        var tls = Tls(Several(["first.example.org"], ["second.example.org", "also.example.org"], ["*.example.net"], ["exact.example.net"], ["f*.part.example.com"]));
        Assert.Equal(served, NamesOf(Served(tls, asked)).First());
        Assert.Equal(served, NamesOf(tls.ForHttpHandshake(asked).ServerCertificateContext!.TargetCertificate).First());
    }

    [Fact]
    public void Of_two_certificates_for_a_name_takes_the_earlier() =>
        Assert.Equal("first.example.org", NamesOf(Served(Tls(Several(["first.example.org", "a.example.org"], ["second.example.org", "a.example.org"])), "a.example.org")).First());

    [Fact]
    public void Takes_up_each_pair_by_itself()
    {
        var settings = Several(["first.example.org"], ["second.example.org"]);
        var tls = Tls(settings);
        File.WriteAllText(settings.Tls.Certificates[0].CertificateFile, "half a file");
        Write(settings.Tls.Certificates[1], DateTime.UtcNow, "second.example.org", "third.example.org");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("second.example.org", NamesOf(Served(tls, "third.example.org")).First());
        Assert.Equal("first.example.org", NamesOf(Served(tls, "first.example.org")).First());
    }

    [Fact]
    public void Makes_nothing_anew_for_a_handshake()
    {
        var tls = Tls(Several(["first.example.org"], ["second.example.org"]));
        Assert.Same(tls.ForHandshake("second.example.org"), tls.ForHandshake("second.example.org"));
        Assert.Same(tls.ForHandshake("").ServerCertificateContext, tls.ForHttpHandshake("").ServerCertificateContext);
    }

    private static X509Certificate2 Served(ServerTls tls, string serverName = "") => tls.ForHandshake(serverName).ServerCertificateContext!.TargetCertificate;

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames();

    private ServerTls Tls(HostSettings settings) => new(settings, _clock, NullLogger<ServerTls>.Instance);

    private HostSettings SelfMade(string hostName) => Configurations.Read(Configurations.Least) with { DataDirectory = _directory.Path, HostName = Domain.Parse(hostName) };

    private HostSettings Files(string hostName, DateTime written)
    {
        var files = new CertificateSettings(_directory.File("cert.pem"), _directory.File("key.pem"));
        Write(files, written, hostName);
        return SelfMade(hostName) with { Tls = new TlsSettings([files], TimeSpan.FromSeconds(30)) };
    }

    /// <summary>A certificate for each list of names.</summary>
    private HostSettings Several(params string[][] names)
    {
        var certificates = new List<CertificateSettings>();
        foreach (var (index, some) in names.Index())
        {
            certificates.Add(new CertificateSettings(_directory.File($"cert{index}.pem"), _directory.File($"key{index}.pem")));
            Write(certificates[index], DateTime.UtcNow.AddMinutes(-10), some);
        }

        return SelfMade("mail.example.org") with { Tls = new TlsSettings(certificates, TimeSpan.FromSeconds(30)) };
    }

    private void Write(CertificateSettings files, DateTime written, params string[] names)
    {
        PemFiles.Write(files, _clock.GetUtcNow(), names);
        File.SetLastWriteTimeUtc(files.CertificateFile, written);
        File.SetLastWriteTimeUtc(files.KeyFile, written);
    }
}
