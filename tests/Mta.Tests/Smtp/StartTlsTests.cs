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
        S: (250-... AUTH PLAIN LOGIN, !STARTTLS)
        C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
        S: 235 *
        """, SmtpRole.Submission, tls: new SelfSignedTls());

    [Catalogue("STARTTLS", 501, 502)]
    [Fact]
    public Task Is_not_offered_without_a_certificate() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
        C: STARTTLS
        S: 502 5.5.1 *
        C: STARTTLS now
        S: 501 5.5.4 *
        """, tls: new SelfSignedTls { IsAvailable = false });

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
            S: (250-... AUTH PLAIN LOGIN, !STARTTLS)
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
