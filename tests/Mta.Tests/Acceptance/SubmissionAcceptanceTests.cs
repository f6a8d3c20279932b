using System.Text;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Smtp;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Acceptance;

/// <summary>Submission from within the program.</summary>
public sealed class SubmissionAcceptanceTests
{
    private const string Text = "From: alice@example.org\r\nSubject: hello\r\nMessage-ID: <7@example.org>\r\n\r\ntext\r\n";

    [Fact]
    public async Task Delivers_here_and_spools_for_elsewhere_under_a_Received_field()
    {
        await using var scene = new SmtpScene();
        var submission = Make(scene, "bob@example.org", "somebody@elsewhere.example");
        var accepted = Assert.IsType<SubmissionOutcome.Accepted>(await scene.Submission.SubmitAsync(submission, TestContext.Current.CancellationToken));
        var stored = Assert.Single(scene.Mailboxes.Of("bob@example.org"));
        Assert.Equal(Text, stored.TextAfterTrace);
        Assert.Matches($"^Received: by mx\\.example\\.org with local id {accepted.QueueId};\r\n\tMon, 23 Nov 2026 12:00:00 \\+0000\r\n", stored.Text);
        Assert.Equal(stored.Text, Assert.Single(scene.Spool.Entries).Text);
        Assert.Equal(submission.Journey, scene.Spool.Entries[0].Message.Journey);
        Assert.Equal(BodyType.SevenBit, scene.Spool.Entries[0].Message.Body);
        Assert.False(scene.Spool.Entries[0].Message.SmtpUtf8);
        Assert.Equal([JourneyStep.Submitted, JourneyStep.Accepted], scene.Journeys.Events.Select(e => e.Step));
        Assert.Equal("hello", scene.Journeys.Events[0].Facts!.Subject);
        Assert.Equal(accepted.QueueId, scene.Journeys.Events[0].Facts!.QueueId);
    }

    [Fact]
    public async Task Repeated_with_the_same_id_it_is_the_same_message()
    {
        await using var scene = new SmtpScene();
        var submission = Make(scene, "bob@example.org", "somebody@elsewhere.example");
        var first = await scene.Submission.SubmitAsync(submission, TestContext.Current.CancellationToken);
        Assert.Equal(first, await scene.Submission.SubmitAsync(submission, TestContext.Current.CancellationToken));
        Assert.Single(scene.Mailboxes.Of("bob@example.org"));
        Assert.Single(scene.Spool.Entries.Select(entry => entry.Message.Id).Distinct());
    }

    [Theory]
    [InlineData(RefusalReports.WhenOthersGetIt)]
    [InlineData(RefusalReports.Always)]
    public async Task The_others_get_it_and_the_sender_a_report_where_the_submitter_wants_that(RefusalReports reports)
    {
        await using var scene = new SmtpScene();
        var submission = Make(scene, "bob@example.org", "nobody@example.org") with { RefusalReports = reports };
        Assert.IsType<SubmissionOutcome.Accepted>(await scene.Submission.SubmitAsync(submission, TestContext.Current.CancellationToken));
        Assert.Single(scene.Mailboxes.Of("bob@example.org"));
        var failed = Assert.Single(Assert.Single(scene.Spool.Entries).Message.Recipients);
        Assert.Equal(("nobody@example.org", StatusCodes.NoSuchMailbox), (failed.Address.ToString(), failed.Failure!.Status));
        Assert.Equal("the sender gets a report about nobody@example.org", scene.Journeys.Events[^1].Reason);
    }

    [Theory]
    [InlineData(RefusalReports.WhenOthersGetIt, false)]
    [InlineData(RefusalReports.Always, true)]
    public async Task A_message_that_nobody_can_get_is_refused_unless_nobody_waits(RefusalReports reports, bool accepted)
    {
        await using var scene = new SmtpScene();
        var outcome = await scene.Submission.SubmitAsync(Make(scene, "nobody@example.org") with { RefusalReports = reports }, TestContext.Current.CancellationToken);
        Assert.Equal(accepted, outcome is SubmissionOutcome.Accepted);
        Assert.Equal(accepted ? 1 : 0, scene.Spool.Entries.Count);

        // A mailbox that refuses at last is the same.
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.MailboxFull, "Full");
        outcome = await scene.Submission.SubmitAsync(Make(scene, "bob@example.org") with { RefusalReports = reports }, TestContext.Current.CancellationToken);
        Assert.Equal(accepted, outcome is SubmissionOutcome.Accepted);
        Assert.Equal(accepted ? 2 : 0, scene.Spool.Entries.Count);
    }

    /// <summary>As after a kill between two commits: the recipient had a mailbox at the first time, and none at the second.</summary>
    [Fact]
    public async Task Who_is_judged_otherwise_when_the_message_is_submitted_again_is_not_forgotten()
    {
        await using var scene = new SmtpScene();
        var submission = Make(scene, "somebody@elsewhere.example", "nobody@example.org") with { RefusalReports = RefusalReports.Always };
        await scene.Submission.SubmitAsync(submission with { Recipients = [submission.Recipients[0]] }, TestContext.Current.CancellationToken);
        Assert.IsType<SubmissionOutcome.Accepted>(await scene.Submission.SubmitAsync(submission, TestContext.Current.CancellationToken));
        Assert.Equal(["somebody@elsewhere.example", "nobody@example.org"], scene.Spool.Entries.SelectMany(entry => entry.Message.Recipients).Select(recipient => recipient.Address.ToString()));
    }

    [Fact]
    public async Task Nobody_gets_it_when_one_recipient_is_wrong()
    {
        await using var scene = new SmtpScene();
        var outcome = await scene.Submission.SubmitAsync(Make(scene, "bob@example.org", "nobody@example.org", "noone@example.org"), TestContext.Current.CancellationToken);
        var refused = Assert.IsType<SubmissionOutcome.Refused>(outcome);
        Assert.Equal(StatusCodes.NoSuchMailbox, refused.Status);
        Assert.Equal(["nobody@example.org", "noone@example.org"], refused.Recipients.Select(recipient => recipient.ToString()));
        Assert.Empty(scene.Mailboxes.Deliveries);
        Assert.Equal([JourneyStep.Submitted, JourneyStep.Refused], scene.Journeys.Events.Select(e => e.Step));
    }

    [Fact]
    public async Task A_recipient_that_cannot_be_judged_now_defers_it()
    {
        await using var scene = new SmtpScene();
        scene.Mailboxes.Verdicts["bob@example.org"] = new RecipientVerdict.Unavailable(StatusCodes.MailboxBusy, "being moved");
        var outcome = await scene.Submission.SubmitAsync(Make(scene, "bob@example.org", "alice@example.org"), TestContext.Current.CancellationToken);
        Assert.Equal(new SubmissionOutcome.Deferred(StatusCodes.MailboxBusy, "being moved"), outcome);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [Fact]
    public async Task Nothing_leaves_the_machine_when_relaying_is_off()
    {
        await using var scene = new SmtpScene(configure: options => options with { RelayEnabled = false });
        var outcome = await scene.Submission.SubmitAsync(Make(scene, "somebody@elsewhere.example"), TestContext.Current.CancellationToken);
        Assert.Equal(StatusCodes.NotAuthorized, Assert.IsType<SubmissionOutcome.Refused>(outcome).Status);
        Assert.Empty(scene.Spool.Entries);
    }

    [Fact]
    public async Task Limits_of_SMTP_hold_here_too()
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxRecipients = 2, MaxMessageOctets = Text.Length, MaxReceivedFields = 1 });
        await RefusesAsync(Make(scene), StatusCodes.InvalidArguments);
        await RefusesAsync(Make(scene, "bob@example.org", "alice@example.org", "postmaster@example.org"), new EnhancedStatusCode(5, 5, 3));
        await RefusesAsync(Make(scene, "bob@example.org") with { Content = Content(Text + "x") }, StatusCodes.MessageTooLarge);
        await RefusesAsync(Make(scene, "bob@example.org") with { Content = Content("Received: 1\r\nReceived: 2\r\n\r\n") }, StatusCodes.RoutingLoop);
        await RefusesAsync(Make(scene, "bob@example.org") with { Content = Content("Subject: \0\r\n\r\n") }, StatusCodes.SyntaxError);
        Assert.IsType<SubmissionOutcome.Accepted>(await scene.Submission.SubmitAsync(Make(scene, "bob@example.org", "alice@example.org"), TestContext.Current.CancellationToken));

        async Task RefusesAsync(Submission submission, EnhancedStatusCode status) =>
            Assert.Equal(status, Assert.IsType<SubmissionOutcome.Refused>(await scene.Submission.SubmitAsync(submission, TestContext.Current.CancellationToken)).Status);
    }

    [Theory]
    [InlineData("somebody@elsewhere.example", "Subject: a\r\n\r\nb", BodyType.SevenBit, false)]
    [InlineData("somebody@elsewhere.example", "Subject: a\r\n\r\nü", BodyType.EightBitMime, false)]
    [InlineData("somebody@elsewhere.example", "Subject: ü\r\n\r\nb", BodyType.EightBitMime, true)]
    [InlineData("jörg@elsewhere.example", "Subject: a\r\n\r\nb", BodyType.SevenBit, true)]
    [InlineData("jorg@bücher.example", "Subject: a\r\n\r\nb", BodyType.SevenBit, false)]
    public async Task The_envelope_says_what_the_octets_need(string recipient, string text, object body, bool smtpUtf8)
    {
        await using var scene = new SmtpScene();
        await scene.Submission.SubmitAsync(Make(scene, recipient) with { Content = Content(text) }, TestContext.Current.CancellationToken);
        var message = Assert.Single(scene.Spool.Entries).Message;
        Assert.Equal((BodyType)body, message.Body);
        Assert.Equal(smtpUtf8, message.SmtpUtf8);
    }

    [Fact]
    public async Task An_octet_above_127_is_found_at_the_end_of_a_large_message_too()
    {
        await using var scene = new SmtpScene();
        await scene.Submission.SubmitAsync(
            Make(scene, "somebody@elsewhere.example") with { Content = Content("Subject: a\r\n\r\n" + new string('x', 200_000) + "ü") }, TestContext.Current.CancellationToken);
        Assert.Equal(BodyType.EightBitMime, Assert.Single(scene.Spool.Entries).Message.Body);
    }

    [Fact]
    public async Task A_full_spool_defers_it()
    {
        await using var scene = new SmtpScene();
        scene.Spool.Failure = new SpoolUnavailableException(StatusCodes.SystemStorageFull, "disk full", null);
        var outcome = await scene.Submission.SubmitAsync(Make(scene, "bob@example.org", "somebody@elsewhere.example"), TestContext.Current.CancellationToken);
        Assert.Equal(StatusCodes.SystemStorageFull, Assert.IsType<SubmissionOutcome.Deferred>(outcome).Status);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    private static MemoryContent Content(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Submission Make(SmtpScene scene, params IEnumerable<string> recipients) => new(
        DeliveryId.New(scene.Clock), JourneyId.New(scene.Clock), new Account(new AccountId(1), EnvelopeAddress.Parse("alice@example.org"), null),
        ReversePath.Of(EnvelopeAddress.Parse("alice@example.org")), [.. recipients.Select(EnvelopeAddress.Parse)], Content(Text));
}
