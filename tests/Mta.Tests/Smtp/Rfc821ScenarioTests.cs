using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Scenarios of RFC 821, Appendix F, as the receiver's side of them is here.</summary>
public sealed class Rfc821ScenarioTests
{
    /// <summary>Scenarios 4 to 6 begin so.</summary>
    private const string Verified = """
        S: 220 *
        C: HELO MIT-MC.ARPA
        S: 250 *
        C: VRFY Crispin
        S: 250 2.1.5 Mark Crispin <Admin.MRC@su-score.arpa>

        """;

    private const string Blah = """
        C: DATA
        S: 354 *
        C: Blah blah blah...
        C: ...etc. etc. etc.
        C: .
        S: 250 *
        C: QUIT
        S: 221 *
        S: (closed)
        """;

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
        await RelayScene.UntilAsync(() =>
        {
            // A connection that is of no more use is closed after a while.
            if (destination.Messages.Count == 1)
                relay.Clock.Advance(TimeSpan.FromSeconds(1));
            return destination.Commands is [.., "QUIT"];
        });
        Assert.Equal(
            ["EHLO mx.example.org", "MAIL FROM:<@mx.example.org:alice@example.org>", "RCPT TO:<Jones@xyz.com>", "DATA", ".", "QUIT"], destination.Commands);
        Assert.StartsWith("Received: from MIT-AI.ARPA", destination.Messages[0].Text, StringComparison.Ordinal);
    }

    /// <summary>Scenario 4: verifying and sending, to a user who sits before a screen.</summary>
    [Theory, EveryChunking]
    public async Task Verifying_and_sending(Chunking chunking)
    {
        await using var scene = Score(isThere: true);
        await scene.PlayAsync(chunking, Verified + """
            C: SEND FROM:<EAK@MIT-MC.ARPA>
            S: 250 *
            C: RCPT TO:<Admin.MRC@SU-SCORE.ARPA>
            S: 250 *

            """ + Blah);
        Assert.Single(scene.Terminals.Shown);
        Assert.Empty(scene.Mailboxes.Of("Admin.MRC@SU-SCORE.ARPA"));
    }

    /// <summary>Scenario 5: the user is not there, so it becomes mail.</summary>
    [Theory, EveryChunking]
    public async Task Sending_and_mailing(Chunking chunking)
    {
        await using var scene = Score(isThere: false);
        await scene.PlayAsync(chunking, Verified + """
            C: SEND FROM:<EAK@MIT-MC.ARPA>
            S: 250 *
            C: RCPT TO:<Admin.MRC@SU-SCORE.ARPA>
            S: 450 *
            C: RSET
            S: 250 *
            C: MAIL FROM:<EAK@MIT-MC.ARPA>
            S: 250 *
            C: RCPT TO:<Admin.MRC@SU-SCORE.ARPA>
            S: 250 *

            """ + Blah);
        Assert.Single(scene.Mailboxes.Of("Admin.MRC@SU-SCORE.ARPA"));
    }

    /// <summary>Scenario 6: the same more efficiently.</summary>
    [Theory, EveryChunking]
    public async Task Sending_or_mailing_in_one_go(Chunking chunking)
    {
        await using var scene = Score(isThere: false);
        await scene.PlayAsync(chunking, Verified + """
            C: SOML FROM:<EAK@MIT-MC.ARPA>
            S: 250 *
            C: RCPT TO:<Admin.MRC@SU-SCORE.ARPA>
            S: 250 *

            """ + Blah);
        Assert.Empty(scene.Terminals.Shown);
        Assert.Single(scene.Mailboxes.Of("Admin.MRC@SU-SCORE.ARPA"));
    }

    /// <summary>Scenario 7: a mailing list is expanded, and its members get their mail.</summary>
    [Theory, EveryChunking]
    public async Task Mailing_list(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { Expand = Offer.Always }, mailboxes: new FakeMailboxes("Fonebone@USC-ISIQ.ARPA", "Joe@USC-ISIQ.ARPA"));
        scene.Lookup.Answers["Example-People"] = new LookupAnswer.List(
            EnvelopeAddress.Parse("Example-People@USC-ISIQ.ARPA"),
            [new LookupEntry(EnvelopeAddress.Parse("Fonebone@USC-ISIQ.ARPA"), "Fred Fonebone"), new LookupEntry(EnvelopeAddress.Parse("Joe@USC-ISIQ.ARPA"), null)], IsWhole: true);
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: HELO SU-SCORE.ARPA
            S: 250 *
            C: EXPN Example-People
            S: 250-2.1.5 Fred Fonebone <Fonebone@usc-isiq.arpa>
            S: 250 2.1.5 <Joe@usc-isiq.arpa>
            C: MAIL FROM:<Account.Person@SU-SCORE.ARPA>
            S: 250 *
            C: RCPT TO:<Fonebone@USC-ISIQ.ARPA>
            S: 250 *
            C: RCPT TO:<Joe@USC-ISIQ.ARPA>
            S: 250 *

            """ + Blah);
        Assert.Single(scene.Mailboxes.Of("Joe@USC-ISIQ.ARPA"));
    }

    /// <summary>Scenarios 8 and 9: the host forwards, or says where the user has gone.</summary>
    [Theory, EveryChunking]
    public async Task Forwarding(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { TellForwarding = true }, mailboxes: new FakeMailboxes("Postel@USC-ISI.ARPA"));
        scene.Mailboxes.Verdicts["Jones@usc-isi.arpa"] = new RecipientVerdict.Forwards([EnvelopeAddress.Parse("Jones@USC-ISIF.ARPA")], AlsoHere: false);
        scene.Mailboxes.Verdicts["Paul@usc-isi.arpa"] = new RecipientVerdict.Moved(EnvelopeAddress.Parse("Mockapetris@USC-ISIF.ARPA"));
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: HELO LBL-UNIX.ARPA
            S: 250 *
            C: MAIL FROM:<mo@LBL-UNIX.ARPA>
            S: 250 *
            C: RCPT TO:<Jones@USC-ISI.ARPA>
            S: 251 2.1.5 User not local; will forward to <Jones@usc-isif.arpa>
            C: RCPT TO:<Paul@USC-ISI.ARPA>
            S: 551 5.1.6 User not local; please try <Mockapetris@usc-isif.arpa>

            """ + Blah);
        Assert.Equal("Jones@usc-isif.arpa", Assert.Single(Assert.Single(scene.Spool.Entries).Message.Recipients).Address.ToString());
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

    /// <summary>SU-SCORE, where Crispin is.</summary>
    private static SmtpScene Score(bool isThere)
    {
        var scene = new SmtpScene(configure: options => options with { Verify = Offer.Always, Terminal = Offer.Always }, mailboxes: new FakeMailboxes("Admin.MRC@SU-SCORE.ARPA"));
        scene.Lookup.Answers["Crispin"] = new LookupAnswer.Mailbox(new LookupEntry(EnvelopeAddress.Parse("Admin.MRC@SU-SCORE.ARPA"), "Mark Crispin"));
        if (isThere)
            scene.Terminals.SitDown(scene.Lookup.IdOf("Admin.MRC@SU-SCORE.ARPA"));
        return scene;
    }
}
