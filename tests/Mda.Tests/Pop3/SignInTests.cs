using System.Security.Cryptography;
using System.Text;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Pop3;

/// <summary>USER, PASS and AUTH (RFC 1939 §7, RFC 5034).</summary>
public sealed class SignInTests
{
    private const string Name = "alice@example.org";

    private static Pop3Options InClear(Pop3Options options) => options with { AllowPlaintextAuthentication = false };

    [Capability("USER")]
    [Capability("AUTH-RESP-CODE")]
    [Theory, EveryChunking]
    public Task Signs_in_by_USER_and_PASS_and_tells_nobody_who_has_an_account(Chunking chunking) => Pop3Scene.PlayAsync(chunking, """
        S: +OK MailSuite POP3 ready
        C: PASS secret
        S: -ERR USER comes first
        C: USER
        S: -ERR A name is needed
        C: USER nobody@example.org
        S: +OK Send the password
        C: PASS secret
        S: -ERR [AUTH] Name or password is wrong
        C: PASS secret
        S: -ERR USER comes first
        C: USER alice@example.org
        S: +OK Send the password
        C: PASS guess
        S: -ERR [AUTH] Name or password is wrong
        C: user alice@example.org
        S: +OK Send the password
        C: PASS
        S: -ERR A password is needed
        C: USER alice@example.org
        S: +OK Send the password
        C: pass secret
        S: +OK 0 messages (0 octets)
        C: USER bob@example.org
        S: -ERR You have signed in already
        """);

    [Fact]
    public async Task A_password_may_have_spaces_also_at_its_end_and_characters_beyond_ASCII()
    {
        await using var scene = await Pop3Scene.WithAsync([]);
        await scene.Accounts.SetPasswordAsync(scene.Alice.Address, "grüne  Wiese ", CancellationToken.None);
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            C: UTF8
            S: +OK *
            C: USER alice@example.org
            S: +OK *

            """ + "C: PASS grüne  Wiese \n" + """
            S: +OK 0 messages (0 octets)
            """);
    }

    [Fact]
    public Task Knows_no_APOP_and_says_why() => Pop3Scene.PlayAsync(Chunking.WholeTurn, """
        S: +OK MailSuite POP3 ready
        C: APOP alice@example.org c4c9334bac560ecc979e58001b3e22fb
        S: -ERR APOP would need passwords that can be read, and here they are hashed
        """);

    [Capability("SASL")]
    [Theory, EveryChunking]
    public Task Signs_in_by_PLAIN_and_LOGIN_with_and_without_an_initial_response(Chunking chunking) => Pop3Scene.PlayAsync(chunking, $"""
        S: +OK *
        C: AUTH
        S: +OK The mechanisms are
        S: SCRAM-SHA-256
        S: PLAIN
        S: LOGIN
        S: .
        C: AUTH CRAM-MD5
        S: -ERR There is no such mechanism here
        C: AUTH PLAIN
        S: +
        C: *
        S: -ERR Cancelled
        C: AUTH PLAIN !!!!
        S: -ERR *
        C: AUTH PLAIN {Base64("\0alice@example.org\0guess")}
        S: -ERR [AUTH] *
        C: AUTH LOGIN
        S: + VXNlcm5hbWU6
        C: {Base64(Name)}
        S: + UGFzc3dvcmQ6
        C: {Base64("guess")}
        S: -ERR [AUTH] *
        C: AUTH plain {Base64("\0alice@example.org\0secret")}
        S: +OK 0 messages (0 octets)
        C: AUTH PLAIN
        S: -ERR You have signed in already
        """.Replace("S: +\n", "S: + \n", StringComparison.Ordinal));

    [Fact]
    public Task Waits_for_the_answer_to_an_empty_challenge() => Pop3Scene.PlayAsync(Chunking.WholeTurn, "S: +OK *\nC: AUTH PLAIN\nS: + \nC: " + Base64("\0alice@example.org\0secret") + "\nS: +OK 0 messages (0 octets)");

    [Theory]
    [InlineData(Chunking.WholeTurn)]
    [InlineData(Chunking.ByteByByte)]
    public async Task Signs_in_by_SCRAM_with_and_without_an_initial_response(Chunking chunking)
    {
        await using var scene = await Pop3Scene.WithAsync([]);
        foreach (var initial in new[] { true, false })
        {
            await using var session = new Pop3Talk(scene, chunking: chunking);
            await session.ReadAsync();
            var client = new ScramClient(Name, "secret");
            if (!initial)
                Assert.Equal("+ ", await session.SayAsync("AUTH SCRAM-SHA-256"));
            var challenge = await session.SayAsync(initial ? $"AUTH SCRAM-SHA-256 {client.First()}" : client.First());
            var proof = await session.SayAsync(client.Final(challenge[2..]));
            Assert.True(client.Believes(proof[2..]));
            Assert.Equal("+OK 0 messages (0 octets)", await session.SayAsync(""));
            await session.SayAsync("QUIT");
        }
    }

    [Fact]
    public async Task Binds_to_the_certificate_by_PLUS_under_TLS_and_refuses_another_binding()
    {
        await using var scene = await Pop3Scene.WithAsync([], InClear, new SelfSignedTls(), implicitTls: true);
        await using var session = new Pop3Talk(scene);
        await session.BeginTlsAsync();
        await session.ReadAsync();
        Assert.StartsWith("+OK", await session.SayAsync("CAPA"), StringComparison.Ordinal);
        Assert.Contains("SASL SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN", await session.ReadListAsync());

        var other = new ScramClient(Name, "secret", "p=tls-server-end-point,,", SHA256.HashData("another certificate"u8));
        var challenge = await session.SayAsync($"AUTH SCRAM-SHA-256-PLUS {other.First()}");
        Assert.StartsWith("-ERR [AUTH] the channel binding is not that of this connection", await session.SayAsync(other.Final(challenge[2..])), StringComparison.Ordinal);

        var client = new ScramClient(Name, "secret", "p=tls-server-end-point,,", SHA256.HashData(session.Certificate!));
        challenge = await session.SayAsync($"AUTH SCRAM-SHA-256-PLUS {client.First()}");
        Assert.True(client.Believes((await session.SayAsync(client.Final(challenge[2..])))[2..]));
        Assert.Equal("+OK 0 messages (0 octets)", await session.SayAsync(""));
    }

    [Fact]
    public Task Takes_no_password_in_clear_and_offers_none() => Pop3Scene.PlayAsync(Chunking.WholeTurn, """
        S: +OK *
        C: USER alice@example.org
        S: -ERR Sign in over TLS only, say STLS first
        C: PASS secret
        S: -ERR Sign in over TLS only, say STLS first
        C: AUTH PLAIN AGFsaWNlAHNlY3JldA==
        S: -ERR Sign in over TLS only, say STLS first
        C: AUTH
        S: +OK The mechanisms are
        S: .
        """, configure: InClear);

    [Fact]
    public Task Takes_only_the_mechanisms_of_the_settings_and_USER_only_with_PLAIN() => Pop3Scene.PlayAsync(Chunking.WholeTurn, """
        S: +OK *
        C: AUTH
        S: +OK *
        S: SCRAM-SHA-256
        S: .
        C: AUTH PLAIN
        S: -ERR There is no such mechanism here
        C: USER alice@example.org
        S: -ERR USER and PASS are not offered here, use AUTH
        C: PASS secret
        S: -ERR USER and PASS are not offered here, use AUTH
        """, configure: options => options with { AuthenticationMechanisms = ["SCRAM-SHA-256"] });

    [Fact]
    public async Task Doubt_is_temporary_and_is_no_failure()
    {
        await using var scene = await Pop3Scene.WithAsync([], options => options with { MaxAuthenticationFailures = 1 });
        scene.Accounts.IsDown = true;
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            C: USER alice@example.org
            S: +OK *
            C: PASS secret
            S: -ERR [SYS/TEMP] It cannot be checked now, try again later
            C: NOOP
            S: -ERR Sign in first
            """);
        scene.Accounts.IsDown = false;
        scene.Accounts.Answer = new AuthenticationOutcome.TooManyFailures(TimeSpan.FromSeconds(7.5));
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            C: USER alice@example.org
            S: +OK *
            C: PASS secret
            S: -ERR [AUTH] Name or password is wrong, too often
            S: (closed)
            """);
    }

    [Fact]
    public async Task Says_how_long_to_wait_after_too_many_failures_and_that_SCRAM_needs_a_password_once()
    {
        await using var scene = await Pop3Scene.WithAsync([]);
        scene.Accounts.Answer = new AuthenticationOutcome.TooManyFailures(TimeSpan.FromSeconds(7.5));
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            C: USER alice@example.org
            S: +OK *
            C: PASS secret
            S: -ERR [SYS/TEMP] Too many attempts have failed, try again in 8 s
            """);
        scene.Accounts.Answer = new AuthenticationOutcome.RefusedOrTransitionNeeded();
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            C: USER alice@example.org
            S: +OK *
            C: PASS secret
            S: -ERR [AUTH] Name or password is wrong, or the account has to sign in by its password once
            """);
    }

    [Fact]
    public Task Closes_at_as_many_failures_as_the_settings_say() => Pop3Scene.PlayAsync(Chunking.WholeTurn, """
        S: +OK *
        C: USER alice@example.org
        S: +OK *
        C: PASS guess
        S: -ERR [AUTH] Name or password is wrong
        C: USER alice@example.org
        S: +OK *
        C: PASS guess
        S: -ERR [AUTH] Name or password is wrong, too often
        S: (closed)
        """, configure: options => options with { MaxAuthenticationFailures = 2 });

    [Fact]
    public async Task No_secret_reaches_the_log()
    {
        await using var scene = await Pop3Scene.WithAsync([]);
        await scene.PlayAsync(Chunking.WholeTurn, $"""
            S: +OK *
            C: USER alice@example.org
            S: +OK *
            C: PASS hunter22
            S: -ERR *
            C: AUTH PLAIN {Base64("\0alice@example.org\0hunter22")}
            S: -ERR *
            """);
        Assert.NotEmpty(scene.Log.Lines);
        Assert.DoesNotContain(scene.Log.Lines, line => line.Contains("hunter22", StringComparison.Ordinal) || line.Contains(Base64("\0alice@example.org\0hunter22"), StringComparison.Ordinal));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
