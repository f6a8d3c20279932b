using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Tls;

/// <summary>What openssl's own client sees of our TLS.</summary>
public sealed class OpensslTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly string _openssl = RealPrograms.Find("openssl");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("Submission", "second.example.org", "second.example.org")]
    [InlineData("Submission", "unknown.example.org", "first.example.org")]
    [InlineData("Submission", null, "first.example.org")]
    [InlineData("SubmissionTls", "second.example.org", "second.example.org")]
    [InlineData("SubmissionTls", "any.example.net", "*.example.net")]
    [InlineData("Web", "second.example.org", "second.example.org")]
    [InlineData("Web", null, "first.example.org")]
    public async Task Gets_the_certificate_for_the_name_that_it_asks_for(string listener, string? asked, string served)
    {
        await using var suite = await StartAsync();
        var (_, output, error) = await TalkAsync(suite, Enum.Parse<EndpointKind>(listener), asked is null ? ["-noservername"] : ["-servername", asked]);
        Assert.True(output.Split('\n').Any(line => line.StartsWith("subject=", StringComparison.Ordinal) && line.TrimEnd().EndsWith(served, StringComparison.Ordinal)), output + error);
    }

    [Theory]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task Agrees_on_what_is_in_use(string option, string version)
    {
        await using var suite = await StartAsync();
        foreach (var kind in new[] { EndpointKind.Submission, EndpointKind.SubmissionTls })
        {
            var (code, output, error) = await TalkAsync(suite, kind, [option]);
            Assert.True(code == 0, output + error);
            Assert.Contains(version, output, StringComparison.Ordinal);
        }
    }

    /// <summary>RFC 8996. Our answer is the alert; a client of openssl that could not even ask would say something else.</summary>
    [Theory]
    [InlineData("-tls1")]
    [InlineData("-tls1_1")]
    public async Task Is_refused_what_is_old(string option)
    {
        await using var suite = await StartAsync();
        foreach (var kind in new[] { EndpointKind.Submission, EndpointKind.SubmissionTls, EndpointKind.Web })
        {
            var (code, output, error) = await TalkAsync(suite, kind, [option, "-cipher", "DEFAULT@SECLEVEL=0"]);
            Assert.NotEqual(0, code);
            Assert.Contains("alert protocol version", output + error, StringComparison.Ordinal);
        }
    }

    /// <summary>Since version 3 openssl calls an end without close_notify an error.</summary>
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Hears_a_clean_end(string option)
    {
        await using var suite = await StartAsync();
        foreach (var kind in new[] { EndpointKind.Submission, EndpointKind.SubmissionTls })
        {
            var (code, output, error) = await TalkAsync(suite, kind, [option], "EHLO client.example.net\r\nQUIT\r\n");
            Assert.True(code == 0, output + error);
            Assert.Contains("221 2.0.0", output, StringComparison.Ordinal);
            Assert.DoesNotContain("unexpected eof", output + error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sessions_go_on_while_a_certificate_is_renewed()
    {
        await using var suite = await StartAsync(("MAILSUITE_Tls__ReloadInterval", "1 s"));
        await using var old = await HandshakeAsync(suite);
        Assert.Equal("CN=first.example.org", old.RemoteCertificate!.Subject);
        using var reader = new StreamReader(old, leaveOpen: true);
        Assert.StartsWith("220 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        PemFiles.Write(Files(0), DateTimeOffset.UtcNow, "renewed.example.org");
        await Eventually.GetAsync(async () =>
        {
            await using var fresh = await HandshakeAsync(suite);
            return fresh.RemoteCertificate!.Subject == "CN=renewed.example.org" ? fresh.RemoteCertificate : null;
        }, "a handshake with the renewed certificate");

        await old.WriteAsync("NOOP\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.StartsWith("250 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private CertificateSettings Files(int index) => new(_directory.File($"cert{index}.pem"), _directory.File($"key{index}.pem"));

    private Task<ProgramUnderTest> StartAsync(params (string, string)[] settings)
    {
        string[] names = ["first.example.org", "second.example.org", "*.example.net"];
        foreach (var (index, name) in names.Index())
            PemFiles.Write(Files(index), DateTimeOffset.UtcNow, name);
        return ProgramUnderTest.ServerAsync("example.org", [("MAILSUITE_Tls__Certificates", JsonSerializer.Serialize(names.Index().Select(item => Files(item.Index)))), .. settings]);
    }

    private Task<(int Code, string Output, string Error)> TalkAsync(ProgramUnderTest suite, EndpointKind kind, string[] options, string said = "QUIT\r\n") => RealPrograms.RunAsync(_openssl,
    [
        "s_client", "-connect", suite.EndPoint(kind).ToString(), .. kind == EndpointKind.Submission ? ["-starttls", "smtp"] : Array.Empty<string>(),
        // Without it a line that begins with Q is a command to openssl itself; HTTP would wait for a request.
        .. kind == EndpointKind.Web ? Array.Empty<string>() : ["-ign_eof"],
        .. options,
    ], said);

    private static async Task<SslStream> HandshakeAsync(ProgramUnderTest suite)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(suite.EndPoint(EndpointKind.SubmissionTls), TestContext.Current.CancellationToken);
        var tls = new SslStream(connection.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("first.example.org");
        return tls;
    }
}
