using System.Security.Cryptography;
using System.Text;
using CsCheck;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;
using MailSuite.Testing;

namespace MailSuite.Shared.Tests.LineProtocol;

/// <summary>SCRAM-SHA-256 and its PLUS (RFC 5802, RFC 7677).</summary>
public sealed class ScramTests
{
    private const string Name = "ann@example.org";
    private const string Password = "pencil";

    private static readonly byte[] Channel = [1, 2, 3, 4];

    private readonly FakeAccounts _accounts = new();

    public ScramTests() => _accounts.AddAsync(EnvelopeAddress.Parse(Name), Password, null, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <summary>RFC 7677 §3.</summary>
    [Fact]
    public void Computes_the_example_of_the_RFC()
    {
        const string Final = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
        const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        Assert.True(ScramClientFirst.TryParse("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"u8, out var first, out _));
        Assert.Equal(("user", "rOprNGfwEbeRWgbNEkqO", "n,,", "n=user,r=rOprNGfwEbeRWgbNEkqO"), (first.UserName, first.Nonce, first.Header, first.Bare));
        Assert.True(ScramClientFinal.TryParse(Encoding.ASCII.GetBytes(Final), out var final));
        Assert.True(ScramKeys.TryDerive("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096, out var keys));

        var authMessage = Encoding.ASCII.GetBytes($"{first.Bare},{ServerFirst},{final.WithoutProof}");
        Assert.True(keys.Verify(authMessage, final.Proof));
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Convert.ToBase64String(keys.Sign(authMessage)));
        final.Proof[0] ^= 1;
        Assert.False(keys.Verify(authMessage, final.Proof));
        Assert.False(keys.Verify(authMessage, final.Proof.AsSpan(1)));
    }

    [Fact]
    public void Keeps_keys_as_text_and_takes_nothing_else()
    {
        Assert.True(ScramKeys.TryDerive("x", out var keys));
        Assert.True(ScramKeys.TryParse(keys.ToStoredText(), out var read));
        Assert.Equal(keys.ToStoredText(), read.ToStoredText());
        Assert.StartsWith($"SCRAM-SHA-256${ScramKeys.DefaultIterations}:", keys.ToStoredText(), StringComparison.Ordinal);
        Assert.InRange(ScramKeys.DefaultIterations, ScramKeys.MinIterations, 0x10000);
        Assert.DoesNotContain(Convert.ToBase64String(keys.StoredKey.Span), keys.ToString(), StringComparison.Ordinal);

        var text = keys.ToStoredText();
        Assert.False(ScramKeys.TryParse("", out _));
        Assert.False(ScramKeys.TryParse(text[..^4], out _));
        Assert.False(ScramKeys.TryParse(text.Replace("SHA-256", "SHA-1", StringComparison.Ordinal), out _));
        Assert.False(ScramKeys.TryParse(text.Replace($"${ScramKeys.DefaultIterations}:", "$4095:", StringComparison.Ordinal), out _));
        Assert.True(ScramKeys.TryParse(text.Replace($"${ScramKeys.DefaultIterations}:", "$4096:", StringComparison.Ordinal), out _));
        Gen.String.Sample(any => Assert.False(ScramKeys.TryParse(any, out _)));
    }

    [Theory]
    [InlineData(Password, true)]
    [InlineData("pen", false)]
    public async Task Accepts_who_knows_the_password_and_proves_that_it_knows_it_too(string password, bool right)
    {
        var client = new ScramClient(Name, password);
        var exchange = Begin();
        var step = await exchange.ContinueAsync(client.Final(await FirstAsync(exchange, client)));
        if (!right)
        {
            Assert.Equal(new SaslStep.Done(new AuthenticationOutcome.Refused()), step);
            return;
        }

        Assert.True(client.Believes(Assert.IsType<SaslStep.Challenge>(step).Base64));
        Assert.Equal(Name, Assert.IsType<AuthenticationOutcome.Accepted>(Assert.IsType<SaslStep.Done>(await exchange.ContinueAsync("")).Outcome).Account.Address.ToString());
    }

    [Fact]
    public async Task Begins_with_an_empty_challenge_when_the_client_does_not_begin()
    {
        var exchange = Begin();
        Assert.Equal("", Assert.IsType<SaslStep.Challenge>(await exchange.StartAsync(null)).Base64);
        var client = new ScramClient(Name, Password);
        var challenge = Assert.IsType<SaslStep.Challenge>(await exchange.ContinueAsync(client.First())).Base64;
        Assert.IsType<SaslStep.Challenge>(await exchange.ContinueAsync(client.Final(challenge)));
        Assert.IsType<SaslStep.Malformed>(await exchange.ContinueAsync("YQ=="));
    }

    [Theory]
    [InlineData("tls-exporter", true)]
    [InlineData("tls-server-end-point", true)]
    [InlineData("tls-unique", false)]
    public async Task PLUS_binds_to_what_there_is(string type, bool known)
    {
        using var certificate = Certificates.SelfSigned(HashAlgorithmName.SHA384);
        var bindings = new ChannelBindings(Channel, certificate);
        var binding = type == "tls-exporter" ? Channel : SHA384.HashData(certificate.RawData);
        var client = new ScramClient(Name, Password, $"p={type},,", binding);
        var exchange = Begin("SCRAM-SHA-256-PLUS", bindings);
        var step = await exchange.StartAsync(client.First());
        if (!known)
        {
            Assert.Contains("tls-exporter and tls-server-end-point", Assert.IsType<SaslStep.Refused>(step).Reason, StringComparison.Ordinal);
            return;
        }

        Assert.True(client.Believes(Assert.IsType<SaslStep.Challenge>(await exchange.ContinueAsync(client.Final(Assert.IsType<SaslStep.Challenge>(step).Base64))).Base64));
    }

    [Fact]
    public void PLUS_is_not_there_where_it_is_not_offered() =>
        Assert.False(SaslExchange.TryBegin("SCRAM-SHA-256-PLUS", new SaslPeer(_accounts, null, ChannelBindings.None, OffersPlus: false), out _));

    [Fact]
    public async Task PLUS_refuses_the_binding_of_another_channel()
    {
        var client = new ScramClient(Name, Password, "p=tls-exporter,,", [4, 3, 2, 1]);
        var exchange = Begin("SCRAM-SHA-256-PLUS", new ChannelBindings(Channel, null));
        var step = await exchange.ContinueAsync(client.Final(await FirstAsync(exchange, client)));
        Assert.Contains("not that of this connection", Assert.IsType<SaslStep.Refused>(step).Reason, StringComparison.Ordinal);
    }

    [Theory]
    // A client that could bind and was told that we cannot: somebody changed what it was told.
    [InlineData("SCRAM-SHA-256", "y,,", true, typeof(SaslStep.Refused))]
    [InlineData("SCRAM-SHA-256", "y,,", false, typeof(SaslStep.Challenge))]
    [InlineData("SCRAM-SHA-256", "n,,", true, typeof(SaslStep.Challenge))]
    [InlineData("SCRAM-SHA-256", "p=tls-exporter,,", true, typeof(SaslStep.Malformed))]
    [InlineData("SCRAM-SHA-256-PLUS", "n,,", true, typeof(SaslStep.Malformed))]
    [InlineData("SCRAM-SHA-256-PLUS", "y,,", true, typeof(SaslStep.Malformed))]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-exporter,,", true, typeof(SaslStep.Challenge))]
    public async Task Lets_nobody_talk_the_client_out_of_binding(string mechanism, string header, bool offersPlus, Type outcome)
    {
        var exchange = Begin(mechanism, offersPlus ? new ChannelBindings(Channel, null) : ChannelBindings.None);
        Assert.IsType(outcome, await exchange.StartAsync(new ScramClient(Name, Password, header).First()));
    }

    [Fact]
    public async Task Refuses_a_last_message_of_another_exchange()
    {
        var client = new ScramClient(Name, Password);
        var earlier = Begin();
        var recorded = client.Final(await FirstAsync(earlier, client));
        Assert.IsType<SaslStep.Challenge>(await earlier.ContinueAsync(recorded));

        // The same first message, and the last one as it was recorded.
        var later = Begin();
        await FirstAsync(later, client);
        Assert.Contains("nonce", Assert.IsType<SaslStep.Refused>(await later.ContinueAsync(recorded)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r=x", "nonce")]
    [InlineData("c=eSws", "channel binding")] // y,,
    public async Task Refuses_what_was_changed_on_the_way_though_it_is_proven(string changed, string reason)
    {
        var client = new ScramClient(Name, Password);
        var exchange = Begin();
        var final = client.Final(await FirstAsync(exchange, client), text => string.Join(',', text.Split(',').Select(part => part[0] == changed[0] ? changed : part)));
        Assert.Contains(reason, Assert.IsType<SaslStep.Refused>(await exchange.ContinueAsync(final)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passes_over_extensions_that_are_optional()
    {
        var client = new ScramClient(Name, Password);
        var exchange = Begin();
        Assert.IsType<SaslStep.Challenge>(await exchange.ContinueAsync(client.Final(await FirstAsync(exchange, client), text => text + ",x=1")));
    }

    [Theory]
    [InlineData("n=a,r=b")]
    [InlineData("n,n=a,r=b")]
    [InlineData("x,,n=a,r=b")]
    [InlineData("p=,,n=a,r=b")]
    [InlineData("p=tls exporter,,n=a,r=b")]
    [InlineData("n,b,n=a,r=b")]
    [InlineData("n,a=,n=a,r=b")]
    [InlineData("n,,m=ext,n=a,r=b")]
    [InlineData("n,,r=b,n=a")]
    [InlineData("n,,n=,r=b")]
    [InlineData("n,,n=a=,r=b")]
    [InlineData("n,,n=a=2c,r=b")]
    [InlineData("n,,n=a,r=")]
    [InlineData("n,,n=a,r=b c")]
    [InlineData("n,,n=a,r=é")]
    [InlineData("n,,n=a,r=b,")]
    [InlineData("n,,n=a,r=b,7=x")]
    [InlineData("n,,n=a,r=b,x=")]
    [InlineData("n,,n=a\0,r=b")]
    [InlineData("")]
    public async Task Refuses_a_malformed_first_message(string message) =>
        Assert.IsType<SaslStep.Malformed>(await Begin().StartAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(message)) is { Length: > 0 } line ? line : "="));

    [Theory]
    [InlineData("c=biws,r=N")]
    [InlineData("r=N,c=biws,p=YQ==")]
    [InlineData("c=,r=N,p=YQ==")]
    [InlineData("c=b!ws,r=N,p=YQ==")]
    [InlineData("c=biws,r=,p=YQ==")]
    [InlineData("c=biws,r=N,p=")]
    [InlineData("c=biws,r=N,p=Y Q=")]
    [InlineData("c=biws,r=N,p=YQ==,x=1")]
    [InlineData("c=biws,r=N,=,p=YQ==")]
    [InlineData("c=biws,r=N\0,p=YQ==")]
    public async Task Refuses_a_malformed_last_message(string message)
    {
        var exchange = Begin();
        await FirstAsync(exchange, new ScramClient(Name, Password));
        Assert.IsType<SaslStep.Malformed>(await exchange.ContinueAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(message))));
    }

    [Fact]
    public async Task Limits_nonce_and_name()
    {
        Assert.IsType<SaslStep.Challenge>(await Begin().StartAsync(Base64($"n,,n={new string('a', 255)},r={new string('b', 1024)}")));
        Assert.IsType<SaslStep.Malformed>(await Begin().StartAsync(Base64($"n,,n={new string('a', 256)},r=b")));
        Assert.IsType<SaslStep.Malformed>(await Begin().StartAsync(Base64($"n,,n=a,r={new string('b', 1025)}")));
    }

    [Fact]
    public void Reads_a_name_with_commas_and_equals_signs()
    {
        Assert.True(ScramClientFirst.TryParse("y,a==3D2C,n=a=2Cb=3Dc,r=d,x=1"u8, out var first, out _));
        Assert.Equal(("=2C", "a,b=c", ChannelBindingFlag.NotOffered), (first.AuthorizationId, first.UserName, first.Flag));
    }

    [Fact]
    public async Task Lets_nobody_act_for_somebody_else_and_says_when_it_cannot_know()
    {
        Assert.Equal(new SaslStep.Done(new AuthenticationOutcome.Refused()), await Begin().StartAsync(Base64($"n,a=boss,n={Name},r=b")));
        Assert.IsType<SaslStep.Challenge>(await Begin().StartAsync(Base64($"n,a={Name},n={Name},r=b")));
        // A name that SASLprep forbids.
        Assert.Equal(new SaslStep.Done(new AuthenticationOutcome.Refused()), await Begin().StartAsync(Base64("n,,n=a\u0007,r=b")));
        _accounts.IsDown = true;
        Assert.IsType<AuthenticationOutcome.Unavailable>(Assert.IsType<SaslStep.Done>(await Begin().StartAsync(Base64($"n,,n={Name},r=b"))).Outcome);
    }

    private SaslExchange Begin(string mechanism = "SCRAM-SHA-256", ChannelBindings? bindings = null)
    {
        Assert.True(SaslExchange.TryBegin(mechanism, new SaslPeer(_accounts, null, bindings ?? ChannelBindings.None, bindings is { IsEmpty: false }), out var exchange));
        return exchange;
    }

    private static async Task<string> FirstAsync(SaslExchange exchange, ScramClient client) => Assert.IsType<SaslStep.Challenge>(await exchange.StartAsync(client.First())).Base64;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
