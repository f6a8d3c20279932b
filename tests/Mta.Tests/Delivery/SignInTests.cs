using System.Text;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol.Sasl;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Delivery;

/// <summary>Signing in at a next host with the credentials of its transport.</summary>
public sealed class SignInTests
{
    private const string Plain = "Subject: x\r\n\r\nHello.\r\n";
    private const string User = "relay@there.test";
    private const string Password = "Gänse,füßchen=7";

    [Theory]
    [InlineData(true, SaslMechanisms.ScramSha256Plus)]
    [InlineData(false, SaslMechanisms.ScramSha256)]
    [InlineData(true, SaslMechanisms.ScramSha256, SaslMechanisms.ScramSha256, SaslMechanisms.Plain)]
    [InlineData(true, SaslMechanisms.Plain, SaslMechanisms.Plain, SaslMechanisms.Login)]
    [InlineData(true, SaslMechanisms.Login, SaslMechanisms.Login, "CRAM-MD5")]
    public async Task Takes_the_best_mechanism_that_both_know(bool tls, string expected, params string[] offered)
    {
        await using var scene = await SceneAsync();
        using var certificate = SmtpPeerCertificate.SelfSigned("mx1.there.test");
        scene.Peer.Certificate = tls ? certificate : null;
        if (offered.Length > 0)
            scene.Peer.Mechanisms = offered;
        if (expected == SaslMechanisms.ScramSha256Plus && !OperatingSystem.IsLinux())
            return;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Delivered 2.0.0", Outcome(report));
        Assert.Equal([$"{User} {expected}"], scene.Peer.SignedIn);
        Assert.Contains(scene.Peer.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal) && command.EndsWith(" AUTH=<>", StringComparison.Ordinal));
        NoSecretIn(report);
    }

    [Theory]
    [InlineData(SaslMechanisms.ScramSha256)]
    [InlineData(SaslMechanisms.Plain)]
    [InlineData(SaslMechanisms.Login)]
    public async Task Lets_the_mail_wait_and_names_the_setting_when_the_password_is_wrong(string mechanism)
    {
        await using var scene = await SceneAsync(password: "another");
        scene.Peer.Mechanisms = [mechanism];

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Deferred 4.7.8", Outcome(report));
        Assert.Equal("mx1.there.test did not accept the user name and password of the transport smart; look at its settings UserName and Password.", report.Results[0].Outcome.Reason);
        Assert.Equal("535 5.7.8 no", report.Results[0].Outcome.RemoteReply);
        Assert.Empty(scene.Peer.Messages);
        NoSecretIn(report);
    }

    [Fact]
    public async Task Passes_on_that_it_is_only_for_now()
    {
        await using var scene = await SceneAsync();
        scene.Peer.Extensions = ["AUTH PLAIN"];
        scene.Peer.OnCommand = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? "454 4.7.0 the directory is down" : null;

        Assert.Equal("Deferred 4.7.0", Outcome(await scene.SendAsync(Plain, "bob@there.test")));
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Says_no_password_in_clear_to_a_host_elsewhere(string mechanism)
    {
        await using var transports = new ConnectedTransports();
        var host = new NextHost("mx.there.test", null, 25, Smart(), TlsPolicy.Opportunistic);
        await using var dialogue = new Dialogue(transports.Client, new DeliveryLimits(), TimeProvider.System);
        var signIn = new SignIn(dialogue, host, host.Transport.Credentials!, transports.Client, TimeSpan.FromSeconds(5));

        var opening = await signIn.RunAsync(ServerExtensions.Read(["mx.there.test", $"AUTH {mechanism}"]), TestContext.Current.CancellationToken);

        Assert.Equal("mx.there.test wants the password of the transport smart in clear, and there is no TLS.", Assert.IsType<SessionOpening.Lacking>(opening).Reason);
        Assert.Empty(dialogue.Transcript.ToList());
    }

    [Theory]
    [InlineData("SIZE", "offers no AUTH")]
    [InlineData("AUTH CRAM-MD5 GSSAPI", "offers AUTH by CRAM-MD5, GSSAPI only")]
    public async Task Does_not_send_unknown_where_it_is_to_sign_in(string extension, string why)
    {
        await using var scene = await SceneAsync();
        scene.Peer.Accounts = null;
        scene.Peer.Extensions = [extension];

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Deferred 4.7.4", Outcome(report));
        Assert.Contains(why, report.Results[0].Outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(scene.Peer.Messages);
    }

    [Theory]
    [InlineData("334 !!!")]
    [InlineData("334")]
    [InlineData("334 cj1hbm90aGVyLHM9QUFBQSxpPTQwOTY=")] // another nonce
    public async Task Ends_an_exchange_that_makes_no_sense(string challenge)
    {
        await using var scene = await SceneAsync();
        scene.Peer.Accounts = null;
        scene.Peer.Extensions = ["AUTH SCRAM-SHA-256"];
        scene.Peer.OnCommand = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? challenge : line == "*" ? "501 5.7.0 cancelled" : null;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Deferred 4.7.8", Outcome(report));
        Assert.Contains("*", scene.Peer.Commands);
        Assert.Empty(scene.Peer.Messages);
    }

    [Theory]
    [InlineData(4095, false)]
    [InlineData(4096, true)]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_001, false)]
    public void Does_so_many_rounds_and_no_others(int iterations, bool does)
    {
        var exchange = new ScramExchange(new RelayCredentials(User, Password), Shared.LineProtocol.ChannelBindings.None, binds: false);
        var nonce = exchange.First().Split("r=")[1];

        Assert.Equal(does, exchange.Final($"r={nonce}server,s=QUJDRA==,i={iterations}") is not null);
        Assert.Null(exchange.Final($"r={nonce},s=QUJDRA==,i=4096"));
    }

    [Fact]
    public void Computes_what_RFC_5802_says_and_believes_only_who_knows_the_password()
    {
        var exchange = new ScramExchange(new RelayCredentials("a=b,c", Password), Shared.LineProtocol.ChannelBindings.None, binds: false);
        var first = exchange.First();
        Assert.StartsWith("n,,n=a=3Db=2Cc,r=", first, StringComparison.Ordinal);
        Assert.True(ScramKeys.TryDerive(Password, "salt"u8.ToArray(), 4096, out var keys));

        var serverFirst = $"r={first.Split("r=")[1]}abc,s={Convert.ToBase64String("salt"u8)},i=4096";
        var final = exchange.Final(serverFirst)!;
        var proof = final.LastIndexOf(",p=", StringComparison.Ordinal);
        var authMessage = Encoding.UTF8.GetBytes($"{first[3..]},{serverFirst},{final[..proof]}");

        Assert.True(keys.Verify(authMessage, Convert.FromBase64String(final[(proof + 3)..])));
        Assert.True(exchange.Believes($"v={Convert.ToBase64String(keys.Sign(authMessage))}"));
        Assert.False(exchange.Believes($"v={Convert.ToBase64String(new byte[32])}"));
        Assert.False(exchange.Believes("e=other-error"));
        Assert.False(exchange.Believes("v="));
    }

    [Fact]
    public async Task Does_not_believe_a_host_that_lets_anybody_in()
    {
        await using var scene = await SceneAsync();
        scene.Peer.Accounts = null;
        scene.Peer.Extensions = ["AUTH SCRAM-SHA-256"];
        scene.Peer.OnCommand = line => line.StartsWith("AUTH", StringComparison.Ordinal)
            ? $"334 {Convert.ToBase64String(Encoding.UTF8.GetBytes($"r={Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])).Split("r=")[1]}x,s=QUJDRA==,i=4096"))}"
            : line.Length > 100 ? "235 2.7.0 welcome, whoever you are" : null;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Deferred 4.7.8", Outcome(report));
        Assert.Contains("did not show that it knows the password", report.Results[0].Outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(scene.Peer.Messages);
    }

    [Theory]
    [InlineData(SaslMechanisms.Plain)]
    [InlineData(SaslMechanisms.Login)]
    [InlineData(SaslMechanisms.ScramSha256)]
    public async Task Hides_the_password_even_where_the_host_repeats_it(string mechanism)
    {
        await using var scene = await SceneAsync();
        scene.Peer.Accounts = null;
        scene.Peer.Extensions = [$"AUTH {mechanism}"];
        scene.Peer.OnCommand = line =>
        {
            if (line.StartsWith("EHLO", StringComparison.Ordinal) || line == "QUIT")
                return null;
            return line is "AUTH LOGIN" || (mechanism == SaslMechanisms.Login && line == Base64(User)) ? "334 aGVsbG8=" : $"535 5.7.8 '{line}' '{Password}' '{Base64(Password)}' is wrong";
        };

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Deferred 4.7.8", Outcome(report));
        NoSecretIn(report);
    }

    [Fact]
    public async Task Lets_the_mail_wait_when_a_host_of_the_settings_wants_us_to_sign_in()
    {
        await using var scene = new CourierScene { Transport = new Transport("smart", 0) };
        scene.Peer.OnCommand = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? "530 5.7.0 authentication required" : null;
        Assert.Equal("Deferred 4.7.0", Outcome(await scene.SendAsync(Plain, "bob@there.test")));

        // A stranger that says so never takes mail from us.
        await scene.CloseAsync();
        scene.Transport = new Transport(Transport.MxName, 0);
        Assert.Equal("Failed 5.7.0", Outcome(await scene.SendAsync(Plain, "bob@there.test")));
    }

    private static Transport Smart() => new("smart", 0) { Credentials = new RelayCredentials(User, Password) };

    private static async Task<CourierScene> SceneAsync(string password = Password)
    {
        var scene = new CourierScene { Transport = Smart() };
        scene.Peer.Accounts = new FakeAccounts();
        await scene.Peer.Accounts.AddAsync(EnvelopeAddress.Parse(User), password, null, TestContext.Current.CancellationToken);
        return scene;
    }

    private static void NoSecretIn(CourierReport report)
    {
        var told = string.Join('\n', report.Sessions.SelectMany(session => session.Dialogue).Select(line => line.Text)
            .Concat(report.Results.SelectMany(result => new[] { result.Outcome.Reason, result.Outcome.RemoteReply ?? "" })));
        foreach (var secret in new[] { Password, Base64(Password), Base64($"\0{User}\0{Password}"), Base64(Password)[..12] })
            Assert.DoesNotContain(secret, told, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Sessions.SelectMany(session => session.Dialogue), line => line.Text.Contains("c=biws", StringComparison.Ordinal));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Outcome(CourierReport report) => Assert.Single(report.Results.Select(result => $"{result.Outcome.Kind} {result.Outcome.Status}"));
}
