using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

public sealed class StartTlsTests
{
    private const string Hello = """
        S: 220 *
        C: EHLO client.example.net
        S: (250-... !AUTH*, STARTTLS)

        """;

    private const string Encrypted = Hello + """
        C: STARTTLS
        S: 220 2.0.0 *
        C: (TLS)

        """;

    [EhloKeyword("STARTTLS")]
    [Catalogue("220")]
    [Catalogue("STARTTLS", 503)]
    [Theory, EveryChunking]
    public async Task Delivers_over_TLS_and_says_so_in_Received(Chunking chunking)
    {
        await using var scene = new SmtpScene(tls: new SelfSignedTls());
        await scene.PlayAsync(chunking, Encrypted + """
            C: EHLO client.example.net
            S: (250-... !AUTH*, !STARTTLS)
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            C: STARTTLS
            S: 503 5.5.1 *
            C: QUIT
            S: 221 *
            S: (closed)
            """);
        Assert.Matches("with ESMTPS \\(TLS 1\\.[23] TLS_\\w+\\) id", scene.Mailboxes.Of("alice@example.org").Single().Text);
    }

    [Theory, EveryChunking]
    public Task Forgets_the_greeting(Chunking chunking) => SmtpScene.PlayAsync(chunking, Encrypted + """
        C: MAIL FROM:<carol@example.net>
        S: 503 5.5.1 *
        """, tls: new SelfSignedTls());

    [Fact]
    public Task Drops_what_was_put_behind_it_in_clear() => SmtpScene.PlayAsync(Chunking.WholeTurn, Hello + """
        C: STARTTLS
        C: NOOP injected
        C: MAIL FROM:<mallory@example.net>
        S: 220 2.0.0 *
        C: (TLS)
        C: EHLO client.example.net
        S: (250-... !AUTH*, !STARTTLS)
        C: RCPT TO:<alice@example.org>
        S: 503 5.5.1 *
        """, tls: new SelfSignedTls());

    [Catalogue("STARTTLS", 220)]
    [Theory, EveryChunking]
    public Task Makes_AUTH_possible(Chunking chunking) => SmtpScene.PlayAsync(chunking, Hello + """
        C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
        S: 538 5.7.11 *
        C: STARTTLS
        S: 220 *
        C: (TLS)
        C: EHLO client.example.net
        S: (250-... AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN, !STARTTLS)
        C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
        S: 235 *
        """, SmtpRole.Submission, tls: new SelfSignedTls());

    /// <summary>Whatever it is: a command, a transaction, a message in chunks, the beginning of one in the middle of a line.</summary>
    [Theory]
    [InlineData("MAIL FROM:<mallory@example.net>\\r\\nRCPT TO:<alice@example.org>\\r\\nBDAT 5 LAST\\r\\nspam\\n")]
    [InlineData("EHLO mallory.example.net\\r\\nAUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==\\r\\n")]
    [InlineData("MAIL FROM:<mallory@exam")]
    [InlineData("\\r\\n")]
    public async Task Lets_nothing_through_that_came_in_its_own_segment(string injected)
    {
        await using var scene = new SmtpScene(tls: new SelfSignedTls());
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            C> STARTTLS\r\n{injected}
            S: 220 2.0.0 *
            C: (TLS)
            C: NOOP
            S: 250 2.0.0 *
            C: RCPT TO:<alice@example.org>
            S: 503 5.5.1 *EHLO*
            C: EHLO client.example.net
            S: (250-... !STARTTLS)
            C: QUIT
            S: 221 *
            S: (closed)
            """);
        Assert.Empty(scene.Mailboxes.Of("alice@example.org"));
        Assert.Empty(scene.Log.Errors);
    }

    [Theory, EveryChunking]
    public Task Forgets_who_authenticated_in_clear(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        C: EHLO client.example.net
        S: (250-... AUTH SCRAM-SHA-256 PLAIN LOGIN, STARTTLS)
        C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
        S: 235 *
        C: STARTTLS
        S: 220 *
        C: (TLS)
        C: EHLO client.example.net
        S: (250-... AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN)
        C: MAIL FROM:<alice@example.org>
        S: 530 5.7.0 *
        """, SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true }, new SelfSignedTls());

    [Theory, EveryChunking]
    public Task Does_not_come_in_a_transaction(Chunking chunking) => SmtpScene.PlayAsync(chunking, Hello + """
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        C: STARTTLS
        S: 503 5.5.1 *
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: RSET
        S: 250 *
        C: STARTTLS
        S: 220 *
        C: (TLS)
        C: RCPT TO:<alice@example.org>
        S: 503 5.5.1 *
        """, tls: new SelfSignedTls());

    [Catalogue("STARTTLS", 502)]
    [Theory, EveryChunking]
    public Task Is_not_known_where_there_is_no_TLS(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Hello + """
        C: STARTTLS
        S: 502 5.5.1 *
        """);

    [Catalogue("454")]
    [Catalogue("STARTTLS", 454, 501)]
    [Theory, EveryChunking]
    public Task Is_put_off_while_there_is_no_certificate(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Hello + """
        C: STARTTLS
        S: 454 4.7.0 *
        C: STARTTLS now
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        """, tls: new SelfSignedTls { IsAvailable = false });

    [Fact]
    public Task Waits_for_a_handshake_as_long_as_for_a_command() => SmtpScene.PlayAsync(Chunking.WholeTurn, Hello + """
        C: STARTTLS
        S: 220 *
        # The head of a record that holds a ClientHello, and five octets of it.
        C> \x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03
        T: 00:05:00
        S: (closed)
        """, tls: new SelfSignedTls());

    [Fact]
    public Task Waits_no_longer_where_the_port_is_for_TLS() => SmtpScene.PlayAsync(Chunking.WholeTurn, """
        C> \x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03
        T: 00:05:00
        S: (closed)
        """, SmtpRole.ImplicitTlsSubmission, tls: new SelfSignedTls());

    [Fact]
    public Task Goes_not_on_in_clear_after_a_handshake_that_failed() => SmtpScene.PlayAsync(Chunking.WholeTurn, Hello + """
        C: STARTTLS
        S: 220 *
        C> \x16\x03\x01\x00\x04\x01\x00\x00\x00MAIL FROM:<carol@example.net>\r\nRCPT TO:<alice@example.org>\r\n
        C: DATA
        S: (closed)
        """, tls: new SelfSignedTls());

    [Fact]
    public Task Closes_when_no_TLS_follows() => SmtpScene.PlayAsync(Chunking.WholeTurn, Hello + """
        C: STARTTLS
        S: 220 *
        C: EHLO this is no ClientHello, and long enough to be read as the head of a record
        S: (closed)
        """, tls: new SelfSignedTls());

    [Theory, EveryChunking]
    public async Task Comes_first_where_the_port_is_for_TLS(Chunking chunking)
    {
        await using var scene = new SmtpScene(SmtpRole.ImplicitTlsSubmission, tls: new SelfSignedTls());
        await scene.PlayAsync(chunking, """
            C: (TLS)
            S: 220 mx.example.org *
            C: EHLO client.example.net
            S: (250-... AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN, !STARTTLS)
            C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
            S: 235 *
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Contains("with ESMTPSA (TLS", scene.Mailboxes.Of("bob@example.org").Single().Text, StringComparison.Ordinal);
    }
}
