using MailSuite.Mta.Smtp;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

public sealed class AuthTests
{
    /// <summary>alice@example.org with the password "secret" (RFC 4616 §2), in base64.</summary>
    private const string Alice = "AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==";

    /// <summary>…with the password "guess".</summary>
    private const string Guess = "AGFsaWNlQGV4YW1wbGUub3JnAGd1ZXNz";

    private const string Hello = """
        S: 220 *
        C: EHLO client.example.net
        S: (250-... AUTH SCRAM-SHA-256 PLAIN LOGIN, !STARTTLS)

        """;

    /// <summary>A session of the submission role in which alice has authenticated.</summary>
    public const string SignedIn = Hello + "C: AUTH PLAIN " + Alice + "\nS: 235 2.7.0 *\n";

    [EhloKeyword("AUTH")]
    [Catalogue("235")]
    [Theory, EveryChunking]
    public Task Signs_in_by_PLAIN_with_an_initial_response(Chunking chunking) => PlayAsync(chunking, $"""
        C: auth plain {Alice}
        S: 235 2.7.0 *
        C: MAIL FROM:<alice@example.org>
        S: 250 *
        C: RCPT TO:<somebody@elsewhere.example>
        S: 250 2.1.5 *
        """);

    [Theory, EveryChunking]
    public Task Signs_in_by_PLAIN_after_a_challenge(Chunking chunking) => PlayAsync(chunking, $"""
        C: AUTH PLAIN
        S: 334 
        C: {Alice}
        S: 235 2.7.0 *
        """);

    [Catalogue("334")]
    [Catalogue("AUTH", 235, 334, 503)]
    [Theory, EveryChunking]
    public Task Signs_in_by_LOGIN(Chunking chunking) => PlayAsync(chunking, """
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: YWxpY2VAZXhhbXBsZS5vcmc=
        S: 334 UGFzc3dvcmQ6
        C: c2VjcmV0
        S: 235 2.7.0 *
        C: AUTH LOGIN
        S: 503 5.5.1 *
        """);

    [Catalogue("504")]
    [Catalogue("535")]
    [Catalogue("AUTH", 501, 504, 535)]
    [Theory]
    [InlineData("AUTH", "501 5.5.4")]
    [InlineData("AUTH CRAM-MD5", "504 5.5.4")]
    [InlineData("AUTH PLAIN !!!", "501 5.5.2")]
    [InlineData("AUTH PLAIN =", "501 5.5.2")]
    [InlineData("AUTH PLAIN AGFsaWNl", "501 5.5.2")]
    [InlineData("AUTH PLAIN " + Guess, "535 5.7.8")]
    // "bob" wants to be alice: an authorization identity that is not the authenticated one.
    [InlineData("AUTH PLAIN Ym9iAGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==", "535 5.7.8")]
    public Task Refuses_what_is_wrong(string command, string reply) => PlayAsync(Chunking.WholeTurn, $"""
        C: {command}
        S: {reply} *
        C: MAIL FROM:<alice@example.org>
        S: 530 5.7.0 *
        """);

    [Theory, EveryChunking]
    public Task Lets_the_client_cancel(Chunking chunking) => PlayAsync(chunking, """
        C: AUTH PLAIN
        S: 334 
        C: *
        S: 501 5.7.0 *
        C: NOOP
        S: 250 *
        """);

    [Catalogue("AUTH", 421)]
    [Fact]
    public Task Closes_after_as_many_failures_as_allowed() => PlayAsync(Chunking.WholeTurn, $"""
        C: AUTH PLAIN {Guess}
        S: 535 5.7.8 *
        C: AUTH PLAIN {Guess}
        S: 535 5.7.8 *
        C: AUTH PLAIN {Guess}
        S: 421 4.7.0 *
        S: (closed)
        """);

    [Fact]
    public Task Believes_the_password_after_one_failure_less() => PlayAsync(Chunking.WholeTurn, $"""
        C: AUTH PLAIN {Guess}
        S: 535 5.7.8 *
        C: AUTH PLAIN {Guess}
        S: 535 5.7.8 *
        C: AUTH PLAIN {Alice}
        S: 235 2.7.0 *
        """);

    [Catalogue("538")]
    [Catalogue("AUTH", 538)]
    [Fact]
    public Task Wants_TLS_first() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
        C: AUTH PLAIN {Alice}
        S: 538 5.7.11 *
        """, SmtpRole.Submission);

    [Catalogue("AUTH", 502)]
    [Fact]
    public Task Is_not_offered_on_the_MX() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
        C: AUTH PLAIN {Alice}
        S: 502 5.5.1 *
        """, configure: options => options with { AllowPlaintextAuthentication = true });

    [Fact]
    public Task Is_not_allowed_in_a_transaction() => PlayAsync(Chunking.WholeTurn, $"""
        C: AUTH PLAIN {Alice}
        S: 235 *
        C: MAIL FROM:<alice@example.org>
        S: 250 *
        C: AUTH PLAIN {Alice}
        S: 503 5.5.1 *
        """);

    [Catalogue("454")]
    [Catalogue("AUTH", 454)]
    [Fact]
    public async Task Says_454_when_nobody_can_be_checked()
    {
        await using var scene = Scene();
        scene.Accounts.IsDown = true;
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            C: AUTH PLAIN {Alice}
            S: 454 4.7.0 *
            """);
    }

    [Theory, EveryChunking]
    public Task Closes_on_a_response_that_never_ends(Chunking chunking) => PlayAsync(chunking, $"""
        C: AUTH PLAIN
        S: 334 
        C> {new string('A', SmtpConnection.MaxResponseOctets)}
        S: 500 5.5.2 *
        S: (closed)
        """);

    /// <summary>RFC 4954 §4: 12,288 octets with the CRLF, whatever the limit of commands.</summary>
    [Fact]
    public Task Takes_a_long_response_and_then_commands_of_the_usual_length_only() => PlayAsync(Chunking.WholeTurn, $"""
        C: AUTH PLAIN
        S: 334 
        C: {new string('A', SmtpConnection.MaxResponseOctets - 2)}
        S: 501 5.5.2 *
        C: NOOP {new string('A', 2048 - 7)}
        S: 250 *
        C> NOOP {new string('A', 2048 - 5)}
        S: 500 5.5.2 *
        S: (closed)
        """);

    [Catalogue("534")]
    [Catalogue("AUTH", 534, 504)]
    [Fact]
    public async Task Says_534_to_a_mechanism_that_the_settings_forbid_and_does_not_offer_it()
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true, AuthenticationMechanisms = ["SCRAM-SHA-256", "LOGIN"] });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello.Replace("!AUTH*", "AUTH SCRAM-SHA-256 LOGIN", StringComparison.Ordinal) + $"""
            C: AUTH PLAIN {Alice}
            S: 534 5.7.9 *
            C: AUTH DIGEST-MD5
            S: 504 5.5.4 *
            C: HELP AUTH
            S: 214 2.0.0 AUTH SCRAM-SHA-256|LOGIN [initial-response]
            """);
    }

    [Fact]
    public async Task Is_not_offered_without_any_mechanism()
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true, AuthenticationMechanisms = [] });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello);
    }

    [Catalogue("432")]
    [Catalogue("AUTH", 432)]
    [Fact]
    public async Task Says_432_to_a_client_that_may_have_to_sign_in_by_its_password_first()
    {
        await using var scene = Scene();
        scene.Accounts.Answer = new AuthenticationOutcome.RefusedOrTransitionNeeded();
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            C: AUTH PLAIN {Alice}
            S: 432 4.7.12 *
            """);
    }

    [Catalogue("454")]
    [Catalogue("AUTH", 454)]
    [Fact]
    public async Task Says_454_and_when_to_come_again_after_too_many_failures_and_then_closes()
    {
        await using var scene = Scene();
        scene.Accounts.Answer = new AuthenticationOutcome.TooManyFailures(TimeSpan.FromSeconds(4.2));
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            C: AUTH PLAIN {Alice}
            S: 454 4.7.0 Too many authentications failed; try again in 5 s
            C: AUTH PLAIN {Alice}
            S: 454 4.7.0 *
            C: AUTH PLAIN {Alice}
            S: 421 4.7.0 *
            S: (closed)
            """);
        Assert.Equal("192.0.2.7", scene.Accounts.LastClient?.ToString());
    }

    [Fact]
    public async Task Shows_no_secret_in_the_journey_and_in_the_log()
    {
        await using var scene = Scene();
        await scene.PlayAsync(Chunking.WholeTurn, Hello + """
            C: AUTH LOGIN
            S: 334 *
            C: YWxpY2VAZXhhbXBsZS5vcmc=
            S: 334 *
            C: c2VjcmV0
            S: 235 2.7.0 *
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: the body
            C: 
            C: classified
            C: .
            S: 250 *
            """);
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            # The mechanism is refused, and the client sends the password all the same.
            C: AUTH CRAM-MD5
            S: 504 *
            C: c2VjcmV0
            S: 500 *
            C: AUTH PLAIN {Alice}
            S: 235 *
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: AUTH LOGIN
            S: 503 *
            C: c2VjcmV0
            S: 500 *
            C: RCPT TO:<nobody@example.org>
            S: 550 *
            """);
        var shown = string.Join('\n', scene.Journeys.Events.SelectMany(e => e.Dialogue).Select(line => line.Text).Concat(scene.Journeys.Events.Select(e => e.ToString())).Concat(scene.Log.Lines));
        Assert.Equal(2, scene.Journeys.Events.Count(e => e.Step is JourneyStep.Accepted or JourneyStep.Refused));
        Assert.Contains("C: AUTH LOGIN", scene.Journeys.Events[0].Dialogue.Select(line => line.ToString()));
        Assert.Contains("C: (message, 33 octets)", scene.Journeys.Events[0].Dialogue.Select(line => line.ToString()));
        Assert.DoesNotContain("c2VjcmV0", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("YWxpY2VAZXhhbXBsZS5vcmc", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Alice, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("classified", shown, StringComparison.Ordinal);
    }

    private static SmtpScene Scene() => new(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true, MaxAuthenticationFailures = 3 });

    private static async Task PlayAsync(Chunking chunking, string dialogue)
    {
        await using var scene = Scene();
        await scene.PlayAsync(chunking, Hello + dialogue);
    }
}
