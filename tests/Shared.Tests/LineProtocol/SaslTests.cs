using System.Text;
using CsCheck;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;
using MailSuite.Testing;

namespace MailSuite.Shared.Tests.LineProtocol;

/// <summary>PLAIN and LOGIN, and what all mechanisms share.</summary>
public sealed class SaslTests
{
    private const string Name = "ann@example.org";

    private readonly FakeAccounts _accounts = new();

    public SaslTests() => _accounts.AddAsync(EnvelopeAddress.Parse(Name), "pass wörd", null, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    [Fact]
    public async Task PLAIN_with_an_initial_response() => AssertAccepted(await Begin("plain").StartAsync(Base64($"\0{Name}\0pass wörd")));

    [Fact]
    public async Task PLAIN_after_an_empty_challenge()
    {
        var exchange = Begin("PLAIN");
        Assert.Equal("", Assert.IsType<SaslStep.Challenge>(await exchange.StartAsync(null)).Base64);
        AssertAccepted(await exchange.ContinueAsync(Base64($"{Name}\0{Name}\0pass wörd")));
    }

    [Fact]
    public async Task PLAIN_lets_nobody_act_for_somebody_else() =>
        Assert.Equal(new SaslStep.Done(new AuthenticationOutcome.Refused()), await Begin("PLAIN").StartAsync(Base64($"boss\0{Name}\0pass wörd")));

    [Fact]
    public async Task LOGIN_asks_for_the_name_and_then_the_password()
    {
        var exchange = Begin("LOGIN");
        Assert.Equal(Base64("Username:"), Assert.IsType<SaslStep.Challenge>(await exchange.StartAsync(null)).Base64);
        Assert.Equal(Base64("Password:"), Assert.IsType<SaslStep.Challenge>(await exchange.ContinueAsync(Base64(Name))).Base64);
        AssertAccepted(await exchange.ContinueAsync(Base64("pass wörd")));
    }

    [Theory]
    [InlineData("PLAIN", "not base64!")]
    [InlineData("PLAIN", "=")]
    [InlineData("PLAIN", "")]
    [InlineData("PLAIN", "YQ==")]
    [InlineData("PLAIN", "AGFubgA=")]
    [InlineData("PLAIN", "AABzZWNyZXQ=")]
    [InlineData("PLAIN", "AABhAABi")]
    [InlineData("PLAIN", "AP8AYQ==")]
    [InlineData("LOGIN", "=")]
    [InlineData("LOGIN", "YQBi")]
    [InlineData("SCRAM-SHA-256", "!")]
    public async Task Says_what_is_malformed(string mechanism, string initial) => Assert.IsType<SaslStep.Malformed>(await Begin(mechanism).StartAsync(initial));

    [Fact]
    public async Task Limits_names_and_passwords_to_255_octets()
    {
        Assert.IsType<SaslStep.Done>(await Begin("PLAIN").StartAsync(Base64("\0" + new string('a', 255) + "\0" + new string('b', 255))));
        Assert.IsType<SaslStep.Malformed>(await Begin("PLAIN").StartAsync(Base64("\0" + new string('a', 256) + "\0b")));
        Assert.IsType<SaslStep.Malformed>(await Begin("PLAIN").StartAsync(Base64("\0a\0" + new string('b', 256))));
        Assert.IsType<SaslStep.Malformed>(await Begin("LOGIN").StartAsync(Base64(new string('a', 256))));
    }

    [Fact]
    public async Task A_star_cancels() => Assert.IsType<SaslStep.Cancelled>(await Begin("LOGIN").ContinueAsync("*"));

    [Fact]
    public void Has_what_it_offers_and_the_strongest_first()
    {
        Assert.Equal(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN"], SaslMechanisms.All);
        Assert.All(SaslMechanisms.All, name => Begin(name));
        Assert.False(SaslExchange.TryBegin("CRAM-MD5", Peer(), out _));
    }

    [Fact]
    public async Task Never_prints_the_password() =>
        Assert.DoesNotContain("hunter2", (await Begin("PLAIN").StartAsync(Base64("\0ann\0hunter2"))).ToString(), StringComparison.Ordinal);

    [Fact]
    public Task Takes_any_answers_without_throwing() => Gen.Select(Gen.Int[0, 3], Gen.String.Array[1, 4], Gen.Byte.Array, Gen.OneOf(Gen.Const("n,,"), Gen.Const("y,a=b,"), Gen.Const("p=tls-exporter,,")), Gen.String[0, 40])
        .SampleAsync(async (mechanism, lines, octets, header, rest) =>
        {
            var exchange = Begin(SaslMechanisms.All[mechanism]);
            await exchange.StartAsync(lines[0]);
            await exchange.ContinueAsync(Base64($"{header}n=a,r={rest}"));
            foreach (var line in lines)
                await exchange.ContinueAsync(line);
            await exchange.ContinueAsync(Base64($"c=biws,r={rest},p=YQ=="));
            await exchange.ContinueAsync(Convert.ToBase64String(octets));
        });

    private static void AssertAccepted(SaslStep step) =>
        Assert.Equal(Name, Assert.IsType<AuthenticationOutcome.Accepted>(Assert.IsType<SaslStep.Done>(step).Outcome).Account.Address.ToString());

    private SaslPeer Peer() => new(_accounts, null, new ChannelBindings([1, 2, 3], null), OffersPlus: true);

    private SaslExchange Begin(string mechanism)
    {
        Assert.True(SaslExchange.TryBegin(mechanism, Peer(), out var exchange));
        return exchange;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
