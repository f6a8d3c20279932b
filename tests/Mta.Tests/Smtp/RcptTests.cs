using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

public sealed class RcptTests
{
    private const string Mail = SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net>
        S: 250 2.1.0 *

        """;

    [Catalogue("RCPT", 250)]
    [Theory, EveryChunking]
    public Task Takes_a_mailbox_of_ours(Chunking chunking) => SmtpScene.PlayAsync(chunking, Mail + """
        C: RCPT TO:<alice@example.org>
        S: 250 2.1.5 *
        C: rcpt to:<bob@EXAMPLE.ORG>
        S: 250 2.1.5 *
        C: QUIT
        S: 221 2.0.0 *
        S: (closed)
        """);

    [Catalogue("550")]
    [Catalogue("RCPT", 550)]
    [Theory, EveryChunking]
    public async Task Refuses_an_unknown_mailbox_and_keeps_the_transaction(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, Mail + """
            C: RCPT TO:<nobody@example.org>
            S: 550 5.1.1 *
            C: RCPT TO:<alice@example.org>
            S: 250 2.1.5 *
            C: DATA
            S: 354 *
            C: Subject: kept
            C:
            C: .
            S: 250 2.6.0 *
            C: QUIT
            S: 221 2.0.0 *
            S: (closed)
            """);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [Theory, EveryChunking]
    public Task Takes_mail_for_Postmaster_without_a_domain(Chunking chunking) => SmtpScene.PlayAsync(chunking, Mail + """
        C: RCPT TO:<postMASTER>
        S: 250 2.1.5 *
        """);

    [Catalogue("550")]
    [Theory, EveryChunking]
    public Task Does_not_relay_for_strangers(Chunking chunking) => SmtpScene.PlayAsync(chunking, Mail + """
        C: RCPT TO:<somebody@elsewhere.example>
        S: 550 5.7.1 Relaying denied*
        """);

    [Theory, EveryChunking]
    public Task Ignores_a_source_route(Chunking chunking) => SmtpScene.PlayAsync(chunking, Mail + """
        C: RCPT TO:<@relay.example.com,@other.example.com:alice@example.org>
        S: 250 2.1.5 *
        """);

    [Catalogue("RCPT", 501, 555)]
    [Theory, EveryChunking]
    public Task Refuses_what_is_no_path(Chunking chunking) => SmtpScene.PlayAsync(chunking, Mail + """
        C: RCPT TO:alice@example.org
        S: 501 5.1.3 *
        C: RCPT TO:<>
        S: 501 5.1.3 *
        C: RCPT <alice@example.org>
        S: 501 5.1.3 *
        C: RCPT
        S: 501 5.1.3 *
        C: RCPT TO:<alice@example.org>x
        S: 501 5.5.4 *
        C: RCPT TO:<alice@example.org> COLOUR=BLUE
        S: 555 5.5.4 *
        """);

    [Catalogue("450")]
    [Catalogue("552")]
    [Catalogue("RCPT", 450, 552)]
    [Fact]
    public async Task Tells_what_the_directory_says_of_a_mailbox()
    {
        await using var scene = new SmtpScene();
        scene.Mailboxes.Verdicts["full@example.org"] = new RecipientVerdict.Unavailable(StatusCodes.MailboxFullForNow, "the mailbox is full");
        scene.Mailboxes.Verdicts["busy@example.org"] = new RecipientVerdict.Unavailable(StatusCodes.MailboxBusy, "it is being moved");
        scene.Mailboxes.Verdicts["gone@example.org"] = new RecipientVerdict.Unavailable(StatusCodes.MailboxFull, "full for ever");
        await scene.PlayAsync(Chunking.WholeTurn, Mail + """
            C: RCPT TO:<full@example.org>
            S: 452 4.2.2 the mailbox is full
            C: RCPT TO:<busy@example.org>
            S: 450 4.2.1 it is being moved
            C: RCPT TO:<gone@example.org>
            S: 552 5.2.2 full for ever
            """);
    }

    [Catalogue("452")]
    [Catalogue("RCPT", 452)]
    [Theory, EveryChunking]
    public Task Takes_as_many_recipients_as_the_limit_says_and_no_more(Chunking chunking) => SmtpScene.PlayAsync(chunking, Mail + """
        C: RCPT TO:<alice@example.org>
        S: 250 2.1.5 *
        C: RCPT TO:<bob@example.org>
        S: 250 2.1.5 *
        C: RCPT TO:<postmaster@example.org>
        S: 452 4.5.3 *
        C: DATA
        S: 354 *
        C: .
        S: 250 *
        """, configure: options => options with { MaxRecipients = 2 });

    [Fact]
    public async Task Stands_ten_thousand_recipients_and_delivers_to_the_first_thousand()
    {
        await using var scene = new SmtpScene(mailboxes: new FakeMailboxes { EveryoneIsLocal = true });
        var commands = string.Concat(Enumerable.Range(1, 10_000).Select(i => $"C: RCPT TO:<user{i}@example.org>\n"));
        var replies = string.Concat(Enumerable.Range(1, 10_000).Select(i => i <= 1000 ? "S: 250 2.1.5 *\n" : "S: 452 4.5.3 *\n"));
        await scene.PlayAsync(Chunking.WholeTurn, Mail + commands + replies + """
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Equal(1000, scene.Mailboxes.Deliveries.Single().Recipients.Count);
    }

    [Fact]
    public async Task Counts_a_recipient_that_is_named_twice_once()
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: RCPT TO:<alice@example.org>
            S: 250 2.1.5 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Single(scene.Mailboxes.Deliveries.Single().Recipients);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [Fact]
    public async Task Lets_nothing_leave_the_machine_when_relaying_is_off()
    {
        await using var scene = new SmtpScene(configure: options => options with { RelayEnabled = false, AuthenticateOnMx = true, AllowPlaintextAuthentication = true });
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: 220 *
            C: EHLO client.example.net
            S: (250-...)
            C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
            S: 235 2.7.0 *
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<somebody@elsewhere.example>
            S: 550 5.7.1 *nothing leaves this machine
            """);
    }
}
