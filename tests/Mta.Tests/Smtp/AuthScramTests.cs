using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>AUTH by SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, over a real handshake.</summary>
public sealed class AuthScramTests
{
    private const string Name = "alice@example.org";
    private const string Password = "secret";

    [Theory]
    [InlineData(Chunking.WholeTurn)]
    [InlineData(Chunking.ByteByByte)]
    public async Task Signs_in_by_SCRAM_with_and_without_an_initial_response(Chunking chunking)
    {
        foreach (var initial in new[] { true, false })
        {
            await using var session = await SessionAsync(chunking);
            var client = new ScramClient(Name, Password);
            if (!initial)
                Assert.Equal("334 ", await session.SayAsync("AUTH SCRAM-SHA-256"));
            var challenge = await session.SayAsync(initial ? $"AUTH SCRAM-SHA-256 {client.First()}" : client.First());
            var proof = await session.SayAsync(client.Final(challenge[4..]));
            Assert.True(client.Believes(proof[4..]));
            Assert.StartsWith("235 2.7.0 ", await session.SayAsync(""), StringComparison.Ordinal);
            Assert.StartsWith("250 ", await session.SayAsync($"MAIL FROM:<{Name}>"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Refuses_a_wrong_password_with_535_and_lets_the_client_cancel()
    {
        await using var session = await SessionAsync();
        var client = new ScramClient(Name, "guess");
        var challenge = await session.SayAsync($"AUTH SCRAM-SHA-256 {client.First()}");
        Assert.StartsWith("535 5.7.8 ", await session.SayAsync(client.Final(challenge[4..])), StringComparison.Ordinal);
        await session.SayAsync($"AUTH SCRAM-SHA-256 {client.First()}");
        Assert.StartsWith("501 5.7.0 ", await session.SayAsync("*"), StringComparison.Ordinal);
        Assert.StartsWith("501 5.5.2 ", await session.SayAsync("AUTH SCRAM-SHA-256 bixuPWE="), StringComparison.Ordinal);
    }

    [EhloKeyword("AUTH")]
    [Fact]
    public async Task Offers_PLUS_first_under_TLS_and_binds_to_the_certificate()
    {
        await using var session = await SessionAsync(tls: true);
        Assert.Contains("250-AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN", session.Hello);
        var client = new ScramClient(Name, Password, "p=tls-server-end-point,,", SHA256.HashData(session.Certificate!));
        var challenge = await session.SayAsync($"AUTH SCRAM-SHA-256-PLUS {client.First()}");
        Assert.True(client.Believes((await session.SayAsync(client.Final(challenge[4..])))[4..]));
        Assert.StartsWith("235 2.7.0 ", await session.SayAsync(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_under_TLS_another_binding_an_unknown_one_and_a_client_that_was_told_of_none()
    {
        await using var session = await SessionAsync(tls: true, configure: options => options with { MaxAuthenticationFailures = 10 });
        var elsewhere = new ScramClient(Name, Password, "p=tls-server-end-point,,", SHA256.HashData("another certificate"u8));
        var challenge = await session.SayAsync($"AUTH SCRAM-SHA-256-PLUS {elsewhere.First()}");
        Assert.StartsWith("535 5.7.8 Authentication failed: the channel binding is not that of this connection", await session.SayAsync(elsewhere.Final(challenge[4..])), StringComparison.Ordinal);

        var unknown = await session.SayAsync($"AUTH SCRAM-SHA-256-PLUS {new ScramClient(Name, Password, "p=tls-unique,,").First()}");
        Assert.StartsWith("535 5.7.8 Authentication failed: the channel binding tls-unique is not available here", unknown, StringComparison.Ordinal);

        var downgraded = await session.SayAsync($"AUTH SCRAM-SHA-256 {new ScramClient(Name, Password, "y,,").First()}");
        Assert.StartsWith("535 5.7.8 Authentication failed: this server does offer channel binding", downgraded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PLUS_is_no_mechanism_where_there_is_nothing_to_bind_to()
    {
        await using var session = await SessionAsync();
        Assert.Contains("250-AUTH SCRAM-SHA-256 PLAIN LOGIN", session.Hello);
        Assert.StartsWith("504 5.5.4 ", await session.SayAsync("AUTH SCRAM-SHA-256-PLUS"), StringComparison.Ordinal);
    }

    private static async Task<Session> SessionAsync(Chunking chunking = Chunking.WholeTurn, bool tls = false, Func<MtaOptions, MtaOptions>? configure = null)
    {
        var session = new Session(chunking, tls, configure ?? (options => options));
        await session.BeginAsync(tls);
        return session;
    }

    private sealed class Session : IAsyncDisposable
    {
        private readonly SmtpScene _scene;
        private readonly ConnectedTransports _transports;
        private readonly Task _serving;
        private LineReader _lines;

        public Session(Chunking chunking, bool tls, Func<MtaOptions, MtaOptions> configure)
        {
            var role = tls ? SmtpRole.ImplicitTlsSubmission : SmtpRole.Submission;
            _scene = new SmtpScene(role, options => configure(options) with { AllowPlaintextAuthentication = true }, tls: tls ? new SelfSignedTls() : null);
            _transports = new ConnectedTransports(chunking);
            _serving = _scene.Server.ServeAsync(_transports.Server, role, CancellationToken.None);
            _lines = new LineReader(_transports.Client, 4096);
        }

        public byte[]? Certificate { get; private set; }

        public IReadOnlyList<string> Hello { get; private set; } = [];

        public async Task BeginAsync(bool tls)
        {
            if (tls)
            {
                await _transports.Client.UpgradeToTlsAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = Accept }, TestContext.Current.CancellationToken);
                _lines = new LineReader(_transports.Client, 4096);
            }

            await ReadAsync();
            await SendAsync("EHLO client.example.net");
            List<string> hello = [];
            do
                hello.Add(await ReadAsync());
            while (hello[^1][3] == '-');
            Hello = hello;
        }

        public async Task<string> SayAsync(string line)
        {
            await SendAsync(line);
            return await ReadAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _transports.Client.Output.CompleteAsync();
            await _transports.Client.DisposeAsync();
            await _serving;
            await _transports.DisposeAsync();
            Assert.Empty(_scene.Log.Errors);
            await _scene.DisposeAsync();
        }

        private bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            Certificate = certificate!.GetRawCertData();
            return true;
        }

        private Task SendAsync(string line) => _transports.SendAsync(Encoding.UTF8.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);

        private async Task<string> ReadAsync()
        {
            var read = await _lines.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal(LineOutcome.Line, read.Outcome);
            return Encoding.UTF8.GetString(read.Octets.Span);
        }
    }
}
