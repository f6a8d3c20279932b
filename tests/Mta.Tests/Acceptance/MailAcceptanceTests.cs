using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Smtp;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Acceptance;

/// <summary>When the dot hears 250: only when every recipient's copy is durable, be it in a mailbox or in the spool.</summary>
public sealed class MailAcceptanceTests
{
    private const string Stranger = "somebody@elsewhere.example";

    [Fact]
    public async Task A_local_message_never_touches_the_spool()
    {
        await using var scene = Scene();
        await SendAsync(scene, "250 2.6.0 *", "alice@example.org", "bob@example.org");
        Assert.Single(scene.Mailboxes.Deliveries);
        Assert.Empty(scene.Spool.Entries);
    }

    [Fact]
    public async Task A_remote_message_waits_in_the_spool_with_our_Received_field()
    {
        await using var scene = Scene();
        await SendAsync(scene, "250 2.6.0 *", Stranger);
        var entry = Assert.Single(scene.Spool.Entries);
        Assert.Equal("<alice@example.org>", entry.Message.ReversePath.ToString());
        Assert.Equal(new SpooledRecipient(entry.Message.Recipients[0].Address, null), Assert.Single(entry.Message.Recipients));
        Assert.StartsWith("Received: from client.example.net", entry.Text, StringComparison.Ordinal);
        Assert.Contains($" id {entry.Message.Id}", entry.Text, StringComparison.Ordinal);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [Fact]
    public async Task A_message_for_both_is_durable_in_both()
    {
        await using var scene = Scene();
        await SendAsync(scene, "250 2.6.0 *", "bob@example.org", Stranger);
        Assert.Equal(Stranger, Assert.Single(Assert.Single(scene.Spool.Entries).Message.Recipients).Address.ToString());
        Assert.Equal(scene.Spool.Entries[0].Text, Assert.Single(scene.Mailboxes.Of("bob@example.org")).Text);
        Assert.Equal(scene.Spool.Entries[0].Message.Journey, scene.Mailboxes.Deliveries.Single().Journey);
    }

    [EhloKeyword("DSN")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_asks_for_word_of_success_has_the_header_spooled_to_be_reported(bool isAlias)
    {
        await using var scene = new SmtpScene();
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Stored { Expanded = isAlias };
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net> ENVID=QQ1
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org> NOTIFY=SUCCESS
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: x
            C:
            C: the body
            C: .
            S: 250 *
            C: MAIL FROM:<>
            S: 250 *
            C: RCPT TO:<bob@example.org> NOTIFY=SUCCESS
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: y
            C:
            C: .
            S: 250 *
            """);

        var (message, text) = Assert.Single(scene.Spool.Entries);
        Assert.Equal("QQ1", message.Requests.EnvelopeId);
        var recipient = Assert.Single(message.Recipients);
        Assert.Equal(("bob@example.org", new RecipientSuccess(isAlias), null), (recipient.Address.ToString(), recipient.Success, recipient.Failure));
        Assert.EndsWith("\r\nSubject: x\r\n", text, StringComparison.Ordinal);
        Assert.Equal(message.Delivery, scene.Mailboxes.Deliveries.First().Id);
    }

    [EhloKeyword("DSN")]
    [Theory]
    [InlineData("NEVER", 0)]
    [InlineData("SUCCESS", 0)]
    [InlineData("FAILURE", 1)]
    public async Task A_refusal_after_somebody_has_it_is_kept_only_for_a_sender_who_wants_to_hear_of_it(string notify, int spooled)
    {
        await using var scene = new SmtpScene();
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.MailboxFull, "full");
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org> NOTIFY={notify}
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: x
            C:
            C: .
            S: 250 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<bob@example.org> NOTIFY={notify}
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: x
            C:
            C: .
            S: 552 5.2.2 *
            """);

        Assert.Equal(spooled, scene.Spool.Entries.Count);
    }

    [EhloKeyword("DSN")]
    [Fact]
    public async Task A_spool_that_is_full_when_success_is_to_be_reported_costs_the_report_and_not_the_delivery()
    {
        await using var scene = new SmtpScene();
        scene.Spool.Failure = new SpoolUnavailableException(StatusCodes.SystemStorageFull, "disk full", null);
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<bob@example.org> NOTIFY=SUCCESS
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: x
            C:
            C: .
            S: 250 2.6.0 *
            """);
        Assert.Single(scene.Mailboxes.Of("bob@example.org"));
        Assert.Contains(scene.Log.Errors, error => error.Contains("cannot be stored", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_gets_it_when_the_spool_is_full()
    {
        await using var scene = Scene();
        scene.Spool.Failure = new SpoolUnavailableException(StatusCodes.SystemStorageFull, "disk full", null);
        await SendAsync(scene, "452 4.3.1 *", "bob@example.org", Stranger);
        Assert.Empty(scene.Mailboxes.Of("bob@example.org"));
    }

    [Fact]
    public async Task A_failure_of_the_mailboxes_is_a_temporary_one_and_ours()
    {
        await using var scene = Scene();
        scene.Mailboxes.Failure = new InvalidOperationException("a bug");
        await SendAsync(scene, "451 4.3.0 *", "bob@example.org");
        Assert.Single(scene.Log.Errors);
    }

    [Fact]
    public async Task The_spool_takes_what_the_mailboxes_failed_to_when_it_has_the_rest()
    {
        await using var scene = Scene();
        scene.Mailboxes.Failure = new InvalidOperationException("a bug");
        await SendAsync(scene, "250 2.6.0 *", "bob@example.org", Stranger);
        Assert.Equal(2, scene.Spool.Entries.Count);
        Assert.Equal(new SpooledRecipient(scene.Spool.Entries[1].Message.Recipients[0].Address, null), Assert.Single(scene.Spool.Entries[1].Message.Recipients));
        Assert.NotEqual(scene.Spool.Entries[0].Message.Id, scene.Spool.Entries[1].Message.Id);
        Assert.Single(scene.Log.Errors);
    }

    [Fact]
    public async Task A_mailbox_that_can_take_nothing_now_defers_the_message()
    {
        await using var scene = Scene();
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxFullForNow, "over quota for now");
        await SendAsync(scene, "452 4.2.2 over quota for now", "bob@example.org");
        Assert.Empty(scene.Spool.Entries);
    }

    [Fact]
    public async Task Deferral_wins_over_refusal_while_nobody_has_the_message()
    {
        await using var scene = Scene();
        scene.Mailboxes.Outcomes["alice@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.MailboxFull, "over quota");
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxBusy, "being moved");
        await SendAsync(scene, "450 4.2.1 being moved", "alice@example.org", "bob@example.org");
        Assert.Empty(scene.Spool.Entries);
    }

    [Fact]
    public async Task A_message_that_every_mailbox_refuses_is_refused()
    {
        await using var scene = Scene();
        scene.Mailboxes.Outcomes["alice@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.MailboxFull, "over quota");
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.MailboxFull, "over quota too");
        await SendAsync(scene, "552 5.2.2 over quota", "alice@example.org", "bob@example.org");
        Assert.Empty(scene.Spool.Entries);
    }

    [Fact]
    public async Task Once_somebody_has_the_message_the_others_wait_in_the_spool_or_are_reported()
    {
        await using var scene = Scene(new FakeMailboxes("alice@example.org", "bob@example.org", "dave@example.org"));
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxBusy, "being moved");
        scene.Mailboxes.Outcomes["dave@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.MailboxFull, "over quota");
        await SendAsync(scene, "250 2.6.0 *", "alice@example.org", "bob@example.org", "dave@example.org");
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
        var left = Assert.Single(scene.Spool.Entries).Message.Recipients;
        Assert.Equal(["bob@example.org", "dave@example.org"], left.Select(recipient => recipient.Address.ToString()));
        Assert.Null(left[0].Failure);
        Assert.Equal(new RecipientFailure(StatusCodes.MailboxFull, "over quota"), left[1].Failure);
    }

    [Fact]
    public async Task What_waits_for_a_mailbox_keeps_the_id_by_which_the_mailboxes_know_the_message()
    {
        await using var scene = Scene();
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxBusy, "being moved");
        await SendAsync(scene, "250 2.6.0 *", "alice@example.org", "bob@example.org", Stranger);
        Assert.Equal(2, scene.Spool.Entries.Count);
        Assert.All(scene.Spool.Entries, entry => Assert.Equal(scene.Mailboxes.Deliveries.Single().Id, entry.Message.Delivery));
    }

    [Fact]
    public async Task An_alias_that_reached_some_of_its_mailboxes_waits_here_and_not_with_the_sender()
    {
        await using var scene = Scene();
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxFullForNow, "one of them is full") { SomeHaveIt = true };
        await SendAsync(scene, "250 2.6.0 *", "bob@example.org");
        var entry = Assert.Single(scene.Spool.Entries);
        Assert.Equal("bob@example.org", Assert.Single(entry.Message.Recipients).Address.ToString());
        Assert.Equal(scene.Mailboxes.Deliveries.Single().Id, entry.Message.Delivery);
    }

    [Fact]
    public async Task No_250_is_given_when_the_spool_cannot_take_what_is_left()
    {
        await using var scene = Scene();
        scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxBusy, "being moved");
        scene.Spool.Failure = new SpoolUnavailableException(StatusCodes.SystemTemporary, "locked", null);
        scene.Spool.FailAfter = 1;
        await SendAsync(scene, "451 4.3.0 *", "bob@example.org", Stranger);
    }

    private static SmtpScene Scene(FakeMailboxes? mailboxes = null) =>
        new(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true }, mailboxes);

    private static Task SendAsync(SmtpScene scene, string reply, params IEnumerable<string> recipients) => scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + $"""
        C: MAIL FROM:<alice@example.org>
        S: 250 *
        {string.Concat(recipients.Select(recipient => $"C: RCPT TO:<{recipient}>\nS: 250 *\n"))}
        C: DATA
        S: 354 *
        C: Date: Mon, 23 Nov 2026 11:00:00 +0000
        C: Message-ID: <1@example.org>
        C: .
        S: {reply}
        C: NOOP
        S: 250 2.0.0 *
        """);
}
