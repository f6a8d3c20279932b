using MailSuite.Mta.Envelope;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Aliases that lead to other hosts, and addresses that have moved (RFC 5321 §3.4).</summary>
public sealed class ForwardTests
{
    private const string Mail = SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net>
        S: 250 2.1.0 *

        """;

    private const string Message = """
        C: DATA
        S: 354 *
        C: Subject: onward
        C:
        C: .
        S: 250 2.6.0 *
        """;

    [Catalogue("251")]
    [Catalogue("RCPT", 251)]
    [Theory, EveryChunking]
    public async Task Reply_251_an_alias_that_forwards_to_another_host_and_the_message_goes_there(Chunking chunking)
    {
        await using var scene = Scene(options => options with { TellForwarding = true });
        await scene.PlayAsync(chunking, Mail + """
            C: RCPT TO:<paul@example.org>
            S: 251 2.1.5 User not local; will forward to <paul@elsewhere.example>

            """ + Message);
        var entry = Assert.Single(scene.Spool.Entries);
        var recipient = Assert.Single(entry.Message.Recipients).Recipient;
        Assert.Equal(("paul@elsewhere.example", "rfc822;paul@example.org"), (recipient.Address.ToString(), recipient.OriginalRecipient!.ToString()));
        Assert.Matches("^<SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=example.net=carol@mx.example.org>$", entry.Message.ReversePath.ToString());
        Assert.StartsWith("Delivered-To: paul@example.org\r\nReceived: from client.example.net", entry.Text, StringComparison.Ordinal);
        Assert.Contains("for <paul@example.org>", entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("paul@elsewhere.example", entry.Text, StringComparison.Ordinal);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    /// <summary>RFC 3461 §5.2.7.1.</summary>
    [Fact]
    public async Task What_the_sender_asked_goes_with_the_message()
    {
        await using var scene = Scene();
        await scene.PlayAsync(Chunking.WholeTurn, Mail + """
            C: RCPT TO:<paul@example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;first@example.com
            S: 250 *

            """ + Message);
        var recipient = Assert.Single(Assert.Single(scene.Spool.Entries).Message.Recipients).Recipient;
        Assert.Equal((Notify.Success | Notify.Delay, "rfc822;first@example.com"), (recipient.Notify, recipient.OriginalRecipient!.ToString()));
    }

    [Theory, EveryChunking]
    public async Task Does_not_tell_where_mail_goes_unless_told_to(Chunking chunking)
    {
        await using var scene = Scene();
        await scene.PlayAsync(chunking, Mail + """
            C: RCPT TO:<paul@example.org>
            S: 250 2.1.5 Recipient ok

            """ + Message);
        Assert.Single(scene.Spool.Entries);
    }

    [Fact]
    public async Task An_alias_of_both_reaches_the_mailboxes_here_and_the_hosts_elsewhere_once_each()
    {
        await using var scene = Scene(options => options with { TellForwarding = true });
        await scene.PlayAsync(Chunking.WholeTurn, Mail + """
            C: RCPT TO:<staff@example.org>
            S: 250 2.1.5 Recipient ok
            C: RCPT TO:<paul@example.org>
            S: 251 *
            C: RCPT TO:<staff@example.org>
            S: 250 *

            """ + Message);
        Assert.Equal(["paul@elsewhere.example", "erin@elsewhere.example"], Assert.Single(scene.Spool.Entries).Message.Recipients.Select(recipient => recipient.Address.ToString()));
        Assert.Equal("staff@example.org", Assert.Single(Assert.Single(scene.Mailboxes.Deliveries).Recipients).ToString());
    }

    [Fact]
    public async Task Nobody_gets_it_when_the_spool_is_full()
    {
        await using var scene = Scene();
        scene.Spool.Failure = new Mta.Spool.SpoolUnavailableException(StatusCodes.SystemStorageFull, "disk full", null);
        await scene.PlayAsync(Chunking.WholeTurn, Mail + """
            C: RCPT TO:<staff@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 452 4.3.1 *
            """);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [Fact]
    public async Task Counts_where_an_alias_leads_against_the_limit_of_recipients()
    {
        await using var scene = Scene(options => options with { MaxRecipients = 3 });
        await scene.PlayAsync(Chunking.WholeTurn, Mail + """
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: RCPT TO:<staff@example.org>
            S: 250 *
            C: RCPT TO:<paul@example.org>
            S: 452 4.5.3 *
            C: RSET
            S: 250 *
            C: MAIL FROM:<>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: RCPT TO:<staff@example.org>
            S: 452 4.5.3 *
            C: RCPT TO:<paul@example.org>
            S: 250 *
            """);
    }

    [Fact]
    public async Task Forwards_nothing_where_nothing_may_leave_the_machine()
    {
        await using var scene = Scene(options => options with { RelayEnabled = false });
        await scene.PlayAsync(Chunking.WholeTurn, Mail + """
            C: RCPT TO:<paul@example.org>
            S: 550 5.7.1 *
            """);
    }

    /// <summary>LMTP has no queue (RFC 2033 §3), so that what an alias sends elsewhere cannot be taken.</summary>
    [Fact]
    public async Task LMTP_does_not_forward()
    {
        await using var scene = Scene(role: SmtpRole.Lmtp);
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: 220 *
            C: LHLO client.example.net
            S: (250-... !SEND)
            C: SEND FROM:<carol@example.net>
            S: 502 5.5.1 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<staff@example.org>
            S: 550 5.7.1 *
            C: RCPT TO:<old@example.org>
            S: 551 5.1.6 *
            """);
    }

    [Catalogue("551")]
    [Catalogue("RCPT", 551)]
    [Theory, EveryChunking]
    public async Task Reply_551_an_address_that_has_moved_names_the_new_one(Chunking chunking)
    {
        await using var scene = Scene();
        await scene.PlayAsync(chunking, Mail + """
            C: RCPT TO:<old@example.org>
            S: 551 5.1.6 User not local; please try <new@elsewhere.example>
            C: RCPT TO:<new@elsewhere.example>
            S: 550 5.7.1 Relaying denied*
            """);
    }

    [Fact]
    public async Task Forwards_what_the_webmail_submits()
    {
        await using var scene = Scene();
        var outcome = await scene.Submission.SubmitAsync(
            new Submission(
                DeliveryId.New(scene.Clock), Shared.Journey.JourneyId.New(scene.Clock), null, ReversePath.Null,
                [EnvelopeAddress.Parse("staff@example.org"), EnvelopeAddress.Parse("erin@elsewhere.example")], new Shared.Content.MemoryContent("Subject: x\r\n\r\n"u8.ToArray())),
            CancellationToken.None);
        Assert.IsType<SubmissionOutcome.Accepted>(outcome);
        Assert.Equal(["paul@elsewhere.example", "erin@elsewhere.example"], Assert.Single(scene.Spool.Entries).Message.Recipients.Select(recipient => recipient.Address.ToString()));
        Assert.Equal("staff@example.org", Assert.Single(Assert.Single(scene.Mailboxes.Deliveries).Recipients).ToString());
    }

    private static SmtpScene Scene(Func<MtaOptions, MtaOptions>? configure = null, SmtpRole role = SmtpRole.Mx)
    {
        var scene = new SmtpScene(role, configure);
        scene.Mailboxes.Verdicts["paul@example.org"] = new RecipientVerdict.Forwards([EnvelopeAddress.Parse("paul@elsewhere.example")], AlsoHere: false);
        scene.Mailboxes.Verdicts["staff@example.org"] = new RecipientVerdict.Forwards([EnvelopeAddress.Parse("paul@elsewhere.example"), EnvelopeAddress.Parse("erin@elsewhere.example")], AlsoHere: true);
        scene.Mailboxes.Verdicts["old@example.org"] = new RecipientVerdict.Moved(EnvelopeAddress.Parse("new@elsewhere.example"));
        return scene;
    }
}
