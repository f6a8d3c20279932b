using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Scenarios of RFC 821, Appendix F, as the receiver's side of them is here.</summary>
public sealed class Rfc821ScenarioTests
{
    /// <summary>Scenario 1: a typical transaction.</summary>
    [Theory, EveryChunking]
    public async Task A_typical_transaction(Chunking chunking)
    {
        await using var scene = new SmtpScene(mailboxes: new FakeMailboxes("Jones@Foo.ARPA", "Brown@Foo.ARPA"));
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: HELO MIT-Multics.ARPA
            S: 250 mx.example.org
            C: MAIL FROM:<Smith@MIT-Multics.ARPA>
            S: 250 *
            C: RCPT TO:<Jones@Foo.ARPA>
            S: 250 *
            C: RCPT TO:<Green@Foo.ARPA>
            S: 550 *
            C: RCPT TO:<Brown@Foo.ARPA>
            S: 250 *
            C: DATA
            S: 354 *
            C: Blah blah blah...
            C: ...etc. etc. etc.
            C: .
            S: 250 *
            C: QUIT
            S: 221 *
            S: (closed)
            """);
        Assert.Single(scene.Mailboxes.Of("Jones@Foo.ARPA"));
        Assert.Single(scene.Mailboxes.Of("Brown@Foo.ARPA"));
    }

    /// <summary>Scenario 2: an aborted transaction.</summary>
    [Theory, EveryChunking]
    public async Task An_aborted_transaction(Chunking chunking)
    {
        await using var scene = new SmtpScene(mailboxes: new FakeMailboxes("Jones@Foo.ARPA"));
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: HELO MIT-Multics.ARPA
            S: 250 *
            C: MAIL FROM:<Smith@MIT-Multics.ARPA>
            S: 250 *
            C: RCPT TO:<Jones@Foo.ARPA>
            S: 250 *
            C: RCPT TO:<Green@Foo.ARPA>
            S: 550 *
            C: RSET
            S: 250 *
            C: QUIT
            S: 221 *
            S: (closed)
            """);
        Assert.Empty(scene.Mailboxes.Of("Jones@Foo.ARPA"));
    }

    /// <summary>Scenario 3: relayed mail, step by step: from the source host to the relay, from the relay to the destination.</summary>
    [Theory, EveryChunking]
    public async Task Relayed_mail(Chunking chunking)
    {
        await using var destination = new SmtpPeer { Extensions = [] };
        await using var relay = await TurnScene.StartAsync(configure: options => options with { SourceRoutes = SourceRoutes.Rfc821 }, mx: destination);
        relay.Dns.Mx("xyz.com", 10, "mx.customer.test");
        await relay.PlayAsync(chunking, $"""
            S: 220 *
            C: EHLO MIT-AI.ARPA
            S: (250-... )
            C: {TurnScene.Auth("alice@example.org")}
            S: 235 *
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<@mx.example.org:Jones@XYZ.COM>
            S: 250 *
            C: DATA
            S: 354 *
            C: Date: 2 Nov 81 22:33:44
            C: From: John Q. Public <alice@example.org>
            C: Subject: The Next Meeting of the Board
            C: To: Jones@xyz.com
            C: 
            C: Bill:
            C: The next meeting of the board of directors will be on Tuesday.
            C: .
            S: 250 *
            C: QUIT
            S: 221 *
            S: (closed)
            """);
        await RelayScene.UntilAsync(() => destination.Messages.Count == 1 && destination.Commands[^1] == "QUIT");
        Assert.Equal(
            ["EHLO mx.example.org", "MAIL FROM:<@mx.example.org:alice@example.org>", "RCPT TO:<Jones@xyz.com>", "DATA", ".", "QUIT"], destination.Commands);
        Assert.StartsWith("Received: from MIT-AI.ARPA", destination.Messages[0].Text, StringComparison.Ordinal);
    }

    /// <summary>Scenario 10: too many recipients, who get theirs in a second transaction.</summary>
    [Theory, EveryChunking]
    public async Task Too_many_recipients(Chunking chunking)
    {
        await using var scene = new SmtpScene(mailboxes: new FakeMailboxes("Fabry@Berkeley.ARPA", "Eric@Berkeley.ARPA"), configure: options => options with { MaxRecipients = 1 });
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: HELO USC-ISIF.ARPA
            S: 250 *
            C: MAIL FROM:<Postel@USC-ISIF.ARPA>
            S: 250 *
            C: RCPT TO:<Fabry@Berkeley.ARPA>
            S: 250 *
            C: RCPT TO:<Eric@Berkeley.ARPA>
            S: 452 *
            C: DATA
            S: 354 *
            C: blah
            C: .
            S: 250 *
            C: MAIL FROM:<Postel@USC-ISIF.ARPA>
            S: 250 *
            C: RCPT TO:<Eric@Berkeley.ARPA>
            S: 250 *
            C: DATA
            S: 354 *
            C: blah
            C: .
            S: 250 *
            C: QUIT
            S: 221 *
            S: (closed)
            """);
        Assert.Single(scene.Mailboxes.Of("Fabry@Berkeley.ARPA"));
        Assert.Single(scene.Mailboxes.Of("Eric@Berkeley.ARPA"));
    }
}
