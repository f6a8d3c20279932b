using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>The role of a delivery agent behind another MTA (RFC 2033).</summary>
public sealed class LmtpTests
{
    private const string Hello = """
        S: 220 mx.example.org LMTP MailSuite
        C: LHLO client.example.net
        S: (250-... PIPELINING, ENHANCEDSTATUSCODES, 8BITMIME, SIZE *)
        C: MAIL FROM:<carol@example.net>
        S: 250 2.1.0 *

        """;

    private const string Addressed = Hello + """
        C: RCPT TO:<alice@example.org>
        S: 250 2.1.5 *
        C: RCPT TO:<bob@example.org>
        S: 250 2.1.5 *

        """;

    private const string ToBoth = Addressed + """
        C: DATA
        S: 354 *

        """;

    [Theory, EveryChunking]
    public async Task Answers_each_recipient_after_the_dot(Chunking chunking)
    {
        await using var scene = new SmtpScene(SmtpRole.Lmtp);
        await scene.PlayAsync(chunking, ToBoth + """
            C: Subject: hello
            C: 
            C: Hello.
            C: .
            S: 250 2.6.0 Accepted as *
            S: 250 2.6.0 Accepted as *
            C: QUIT
            S: 221 2.0.0 *
            S: (closed)
            """);
        var mail = scene.Mailboxes.Of("bob@example.org").Single();
        Assert.Equal("Subject: hello\r\n\r\nHello.\r\n", mail.TextAfterTrace);
        Assert.Contains("by mx.example.org with LMTP id ", mail.Text, StringComparison.Ordinal);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
        Assert.Empty(scene.Spool.Entries);
    }

    /// <summary>RFC 2033 §4.2: the answers stand in the order of the RCPTs, and a recipient named twice gets two.</summary>
    [Theory, EveryChunking]
    public async Task Tells_each_recipient_its_own_truth_in_order_and_spools_nothing(Chunking chunking)
    {
        await using var scene = new SmtpScene(SmtpRole.Lmtp, mailboxes: new FakeMailboxes("alice@example.org", "bob@example.org", "dave@example.org"));
        scene.Mailboxes.Outcomes["alice@example.org"] = new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxFullForNow, "The mailbox is full");
        scene.Mailboxes.Outcomes["dave@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.MessageTooLargeForMailbox, "Too large for this mailbox");
        await scene.PlayAsync(chunking, Hello + """
            C: RCPT TO:<alice@example.org>
            C: RCPT TO:<nobody@example.org>
            C: RCPT TO:<bob@example.org>
            C: RCPT TO:<alice@example.org>
            C: RCPT TO:<dave@example.org>
            C: DATA
            S: 250 2.1.5 *
            S: 550 5.1.1 *
            S: 250 2.1.5 *
            S: 250 2.1.5 *
            S: 250 2.1.5 *
            S: 354 *
            C: .
            S: 452 4.2.2 The mailbox is full
            S: 250 2.6.0 Accepted as *
            S: 452 4.2.2 The mailbox is full
            S: 552 5.2.3 Too large for this mailbox
            C: NOOP
            S: 250 2.0.0 *
            """);
        Assert.Single(scene.Mailboxes.Of("bob@example.org"));
        Assert.Empty(scene.Spool.Entries);
        Assert.Equal(
            ["nobody@example.org", "alice@example.org", "dave@example.org"],
            scene.Journeys.Events.Where(e => e.Step == JourneyStep.Refused).Select(e => e.Recipients.Single().ToString()));
    }

    [Theory, EveryChunking]
    public async Task Defers_every_recipient_when_the_mailboxes_fail(Chunking chunking)
    {
        await using var scene = new SmtpScene(SmtpRole.Lmtp);
        scene.Mailboxes.Failure = new IOException("no disk");
        await scene.PlayAsync(chunking, ToBoth + """
            C: .
            S: 451 4.3.0 *
            S: 451 4.3.0 *
            C: NOOP
            S: 250 2.0.0 *
            """);
        Assert.Empty(scene.Spool.Entries);
    }

    [Theory, EveryChunking]
    public Task Refuses_a_whole_message_once_for_each_recipient(Chunking chunking) => SmtpScene.PlayAsync(chunking, ToBoth + """
        C> A: \0\r\n.\r\n
        S: 554 5.5.2 *
        S: 554 5.5.2 *
        C: NOOP
        S: 250 2.0.0 *
        """, SmtpRole.Lmtp);

    /// <summary>RFC 2033 §4.2.</summary>
    /// <summary>RFC 2033 §4.3: only the last chunk ends the message, and has a reply for each recipient.</summary>
    [Theory, EveryChunking]
    public Task Answers_each_recipient_after_the_last_chunk(Chunking chunking) => SmtpScene.PlayAsync(chunking, Addressed + """
        C> BDAT 8\r\nA: b\r\n\r\nBDAT 2 LAST\r\n\r\n
        S: 250 2.0.0 *
        S: 250 2.6.0 Accepted as *
        S: 250 2.6.0 Accepted as *
        """, SmtpRole.Lmtp);

    /// <summary>A client that has pipelined its chunks counts on as many replies, refused or not.</summary>
    [Theory, EveryChunking]
    public Task Answers_the_last_chunk_of_a_refused_message_for_each_recipient(Chunking chunking) => SmtpScene.PlayAsync(chunking, Addressed + """
        C> BDAT 20\r\nA: b\r\n\r\n0123456789\r\n
        C> BDAT 2\r\n\r\n
        C> BDAT 2 LAST\r\n\r\n
        S: 552 5.3.4 *
        S: 552 5.3.4 *
        S: 552 5.3.4 *
        S: 552 5.3.4 *
        C: NOOP
        S: 250 2.0.0 *
        """, SmtpRole.Lmtp, options => options with { MaxMessageOctets = 10 });

    [Catalogue("DATA", 503)]
    [Fact]
    public Task Answers_503_to_DATA_without_a_valid_recipient() => SmtpScene.PlayAsync(Chunking.WholeTurn, Hello + """
        C: RCPT TO:<nobody@example.org>
        C: DATA
        S: 550 5.1.1 *
        S: 503 5.5.1 No valid recipients
        C> BDAT 2 LAST\r\n\r\n
        S: 503 5.5.1 No valid recipients
        """, SmtpRole.Lmtp);

    /// <summary>RFC 2033 §4.1: a client of the other protocol must not take this for a server of its own.</summary>
    [Catalogue("EHLO", 500)]
    [Catalogue("HELO", 500)]
    [Theory]
    [InlineData("EHLO client.example.net")]
    [InlineData("HELO client.example.net")]
    public Task Does_not_know_the_greetings_of_SMTP(string greeting) => SmtpScene.PlayAsync(Chunking.WholeTurn, $"""
        S: 220 *
        C: {greeting}
        S: 500 5.5.1 *
        C: MAIL FROM:<carol@example.net>
        S: 503 5.5.1 *LHLO*
        """, SmtpRole.Lmtp);

    [Catalogue("LHLO", 500)]
    [Theory]
    [InlineData(SmtpRole.Mx)]
    [InlineData(SmtpRole.Submission)]
    public Task Is_not_spoken_by_the_other_roles(SmtpRole role) => SmtpScene.PlayAsync(Chunking.WholeTurn, """
        S: 220 *
        C: LHLO client.example.net
        S: 500 5.5.1 *
        """, role);

    [Catalogue("LHLO", 501)]
    [Fact]
    public Task Wants_a_name_in_LHLO() => SmtpScene.PlayAsync(Chunking.WholeTurn, """
        S: 220 *
        C: LHLO
        S: 501 5.5.4 *
        """, SmtpRole.Lmtp);

    [Catalogue("LHLO", 250)]
    [Fact]
    public Task Relays_for_nobody_not_even_who_has_authenticated() => SmtpScene.PlayAsync(Chunking.WholeTurn, """
        S: 220 *
        C: LHLO client.example.net
        S: (250-... AUTH *)
        C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
        S: 235 2.7.0 *
        C: MAIL FROM:<alice@example.org>
        S: 250 2.1.0 *
        C: RCPT TO:<eve@elsewhere.example>
        S: 550 5.7.1 *
        """, SmtpRole.Lmtp, options => options with { AllowPlaintextAuthentication = true });

    /// <summary>It keeps nothing that could wait, be released or be reported about.</summary>
    [Fact]
    public Task Offers_nothing_that_needs_a_queue() => SmtpScene.PlayAsync(Chunking.WholeTurn, """
        S: 220 *
        C: LHLO client.example.net
        S: (250-... !DSN, !DELIVERBY*, !FUTURERELEASE*, !ETRN, !ATRN*)
        C: MAIL FROM:<carol@example.net> BY=60;R
        S: 555 5.5.4 *
        C: MAIL FROM:<carol@example.net> HOLDFOR=60
        S: 555 5.5.4 *
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        C: RCPT TO:<alice@example.org> NOTIFY=SUCCESS
        S: 555 5.5.4 *
        """, SmtpRole.Lmtp);

    /// <summary>RFC 3848; RFC 6531 §4.3.</summary>
    [Theory]
    [InlineData(false, false, "LMTP id")]
    [InlineData(true, false, "LMTPS (TLS 1.")]
    [InlineData(true, true, "LMTPSA (TLS 1.")]
    public async Task Says_with_what_it_came(bool tls, bool auth, string with)
    {
        await using var scene = new SmtpScene(SmtpRole.Lmtp, tls: new SelfSignedTls());
        await scene.PlayAsync(Chunking.WholeTurn, "S: 220 *\n" + (tls ? """
            C: LHLO client.example.net
            S: (250-... STARTTLS)
            C: STARTTLS
            S: 220 *
            C: (TLS)

            """ : "") + """
            C: LHLO client.example.net
            S: (250-...)

            """ + (auth ? """
            C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
            S: 235 *

            """ : "") + """
            C: MAIL FROM:<alice@example.org>
            C: RCPT TO:<bob@example.org>
            C: DATA
            S: 250 *
            S: 250 *
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Contains($" with {with}", scene.Mailboxes.Of("bob@example.org").Single().Text, StringComparison.Ordinal);
    }

    /// <summary>The same recipient over and over is no way round the limit: each of them is answered.</summary>
    [Fact]
    public async Task Takes_as_many_RCPTs_as_there_may_be_recipients_and_not_one_more()
    {
        static string Rcpts(int count) => string.Concat(Enumerable.Repeat("C: RCPT TO:<alice@example.org>\n", count)) + string.Concat(Enumerable.Repeat("S: 250 *\n", count));
        await SmtpScene.PlayAsync(Chunking.WholeTurn, Hello + Rcpts(3) + """
            C: RCPT TO:<alice@example.org>
            S: 452 4.5.3 *
            """, SmtpRole.Lmtp, options => options with { MaxRecipients = 3 });
    }

    [Fact]
    public Task Shows_its_own_commands_in_HELP() => SmtpScene.PlayAsync(Chunking.WholeTurn, """
        S: 220 *
        C: HELP
        S: (211-... *LHLO*, !*EHLO*, !*HELO*)
        """, SmtpRole.Lmtp);
}
