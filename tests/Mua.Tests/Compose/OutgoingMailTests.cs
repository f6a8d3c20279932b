using MailSuite.Mua.Compose;
using MailSuite.Mua.Tests.Support;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using StatusCodes = MailSuite.Shared.Status.StatusCodes;

namespace MailSuite.Mua.Tests.Compose;

public sealed class OutgoingMailTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeSubmission _submission = new();
    private readonly InMemoryMailboxes _mailboxes = new();
    private readonly RecordedJourneys _journeys = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly DeliveryId _id = new(Guid.Parse("01a2b3c4-d5e6-7788-99aa-bbccddeeff00"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Builds_a_message_with_the_fields_that_a_message_has()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(Draft("ann@example.net") with { Cc = "Carla <carla@example.net>", Subject = "Grüße", Text = "Zeile 1\nZeile ü 2" }));

        var message = _submission.Message;
        Assert.Equal("\"Bob Ross\" <bob@example.org>", message.From.ToString());
        Assert.Equal("ann@example.net", message.To.ToString());
        Assert.Equal("\"Carla\" <carla@example.net>", message.Cc.ToString());
        Assert.Equal("Grüße", message.Subject);
        Assert.Equal("Zeile 1\nZeile ü 2", message.TextBody!.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal(_clock.GetUtcNow(), message.Date);
        Assert.Equal("01a2b3c4d5e6778899aabbccddeeff00@mail.example.org", message.MessageId);
        Assert.Equal(message.MessageId, sent.MessageId);
        Assert.True(System.Text.Ascii.IsValid(_submission.Text));
        Assert.DoesNotContain("\n", _submission.Text.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_blind_copies_out_of_the_message_and_in_the_envelope()
    {
        await SendAsync(Draft("ann@example.net") with { Bcc = "secret@example.com" });

        Assert.Equal(["ann@example.net", "secret@example.com"], _submission.Taken[0].Recipients.Select(r => r.ToString()));
        Assert.DoesNotContain("secret", _submission.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("bcc:", _submission.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Names_no_recipient_when_all_are_blind_copied()
    {
        await SendAsync(Draft("") with { Bcc = "secret@example.com" });

        Assert.Equal("To: undisclosed-recipients: ;", _submission.Text.Split("\r\n").FirstOrDefault(l => l.StartsWith("To", StringComparison.Ordinal)) ?? _submission.Text);
    }

    [Theory]
    [InlineData("Zoë Müller <zoe@example.net>", "Zoë Müller", "zoe@example.net")]
    [InlineData("\"Smith, John (jr.)\" <john@example.net>", "Smith, John (jr.)", "john@example.net")]
    [InlineData("山田太郎 <taro@example.net>", "山田太郎", "taro@example.net")]
    [InlineData("Ann <ann@bücher.example>", "Ann", "ann@bücher.example")]
    public async Task Brings_odd_names_through(string typed, string name, string address)
    {
        await SendAsync(Draft(typed));

        var to = Assert.Single(_submission.Message.To.Mailboxes);
        Assert.Equal((name, address), (to.Name, to.Address));
        Assert.True(System.Text.Ascii.IsValid(_submission.Text));
    }

    [Fact]
    public async Task Writes_an_internationalised_address_in_utf8()
    {
        await SendAsync(Draft("jürgen@example.net"));

        Assert.Contains("jürgen@example.net", _submission.Text, StringComparison.Ordinal);
        Assert.Equal("jürgen@example.net", _submission.Taken[0].Recipients[0].ToString());
    }

    [Fact]
    public async Task Lets_no_line_end_of_the_subject_begin_a_field()
    {
        await SendAsync(Draft("ann@example.net") with { Subject = "Hi\r\nBcc: victim@example.com" });

        Assert.Equal("Hi Bcc: victim@example.com", _submission.Message.Subject);
        Assert.DoesNotContain("\r\nBcc:", _submission.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Answers_into_the_thread()
    {
        await SendAsync(Draft("ann@example.net") with { InReplyTo = "m2@example.net", References = ["m1@example.net", "m2@example.net"] });

        Assert.Equal("m2@example.net", _submission.Message.InReplyTo);
        Assert.Equal(["m1@example.net", "m2@example.net"], _submission.Message.References);
    }

    [Fact]
    public async Task Attaches_files_under_their_names()
    {
        await SendAsync(Draft("ann@example.net"), [new DraftFile("Überblick.pdf", "application/pdf", () => new MemoryStream([1, 2, 3])), new DraftFile("x", "no type", () => new MemoryStream([4]))]);

        var parts = _submission.Message.Attachments.Cast<MimePart>().ToList();
        Assert.Equal(["Überblick.pdf", "x"], parts.Select(p => p.FileName));
        Assert.Equal(["application/pdf", "application/octet-stream"], parts.Select(p => p.ContentType.MimeType));
        using var first = new MemoryStream();
        parts[0].Content!.DecodeTo(first);
        Assert.Equal([1, 2, 3], first.ToArray());
        Assert.Empty(Directory.GetFiles(_directory.Path, "*.eml", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Keeps_a_read_copy_in_Sent_with_its_journey()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(Draft("ann@example.net")));

        var copy = Assert.Single(_mailboxes.Of(Samples.Bob.Id, InMemoryMailboxes.Sent));
        Assert.Equal(MessageFlags.Seen, copy.Summary.Flags);
        Assert.Equal(sent.Journey, copy.Journey);
        Assert.Null(sent.Note);
    }

    [Fact]
    public async Task Tells_when_the_copy_could_not_be_kept_and_does_not_call_it_unsent()
    {
        _mailboxes.AppendRefusal = "The mailbox is full.";

        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(Draft("ann@example.net")));
        Assert.Contains("The mailbox is full.", sent.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Marks_what_it_answers()
    {
        var uid = _mailboxes.Add(Samples.Bob.Id, InMemoryMailboxes.Inbox, Samples.Simple);
        await SendAsync(Draft("ann@example.net") with { Source = new DraftSource(InMemoryMailboxes.Inbox, uid, DraftKind.Reply, []) });

        Assert.Equal(MessageFlags.Answered, _mailboxes.Of(Samples.Bob.Id, InMemoryMailboxes.Inbox)[0].Summary.Flags);
    }

    [Fact]
    public async Task Forwards_parts_of_a_message_and_marks_it()
    {
        var uid = _mailboxes.Add(Samples.Bob.Id, InMemoryMailboxes.Inbox, Samples.Newsletter);
        await SendAsync(Draft("ann@example.net") with { Source = new DraftSource(InMemoryMailboxes.Inbox, uid, DraftKind.Forward, [4]) });

        Assert.Equal("_.._evil.html", Assert.IsAssignableFrom<MimePart>(Assert.Single(_submission.Message.Attachments)).FileName);
        Assert.Equal(MessageFlags.Forwarded, _mailboxes.Of(Samples.Bob.Id, InMemoryMailboxes.Inbox)[0].Summary.Flags);
    }

    [Fact]
    public async Task Forwards_a_message_whole()
    {
        var uid = _mailboxes.Add(Samples.Bob.Id, InMemoryMailboxes.Inbox, Samples.Simple);
        await SendAsync(Draft("ann@example.net") with { Source = new DraftSource(InMemoryMailboxes.Inbox, uid, DraftKind.ForwardAttached, []) });

        var inner = Assert.IsType<MessagePart>(Assert.Single(_submission.Message.Attachments)).Message;
        Assert.Equal(("Hello", "Hello Bob."), (inner!.Subject, inner.TextBody!.Trim()));
    }

    [Fact]
    public async Task Does_not_forward_what_is_of_another_account()
    {
        var uid = _mailboxes.Add(new AccountId(99), InMemoryMailboxes.Inbox, Samples.Newsletter);
        var outcome = await SendAsync(Draft("ann@example.net") with { Source = new DraftSource(InMemoryMailboxes.Inbox, uid, DraftKind.ForwardAttached, []) });

        Assert.IsType<SendOutcome.Refused>(outcome);
        Assert.Empty(_submission.Taken);
    }

    [Fact]
    public async Task Two_clicks_send_one_message()
    {
        var gate = new TaskCompletionSource();
        _submission.Gate = gate.Task;
        var outgoing = Outgoing();
        var first = outgoing.SendAsync(Samples.Bob, Draft("ann@example.net"), [], CancellationToken.None);
        var second = outgoing.SendAsync(Samples.Bob, Draft("ann@example.net"), [], CancellationToken.None);
        gate.SetResult();

        Assert.Equal(await first, await second);
        Assert.Single(_submission.Taken);
    }

    [Fact]
    public async Task A_later_repetition_bears_the_same_ids()
    {
        var outgoing = Outgoing();
        await outgoing.SendAsync(Samples.Bob, Draft("ann@example.net"), [], CancellationToken.None);
        await outgoing.SendAsync(Samples.Bob, Draft("ann@example.net"), [], CancellationToken.None);

        Assert.Equal(_submission.Taken[0].Id, _submission.Taken[1].Id);
        Assert.Equal(_submission.Taken[0].Journey, _submission.Taken[1].Journey);
        Assert.Single(_mailboxes.Of(Samples.Bob.Id, InMemoryMailboxes.Sent));
    }

    [Fact]
    public async Task Begins_the_journey_without_a_word_of_the_text()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await SendAsync(Draft("ann@example.net") with { Subject = "Plan", Text = "body-word" }));

        var composed = Assert.Single(_journeys.Events);
        Assert.Equal((JourneyStep.Composed, MailRole.Mua, sent.Journey), (composed.Step, composed.Role, composed.Journey));
        Assert.Equal(("Plan", sent.MessageId), (composed.Facts!.Subject, composed.Facts.MessageId));
        Assert.DoesNotContain("body-word", composed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_beside_which_field_a_recipient_was_refused()
    {
        var bad = EnvelopeAddress.Parse("nobody@example.org");
        _submission.Answer = new SubmissionOutcome.Refused(StatusCodes.NoSuchMailbox, "There is no such mailbox.", [bad]);

        var refused = Assert.IsType<SendOutcome.Refused>(await SendAsync(Draft("ann@example.net") with { Cc = "nobody@example.org" }));
        var error = Assert.Single(refused.Errors);
        Assert.Equal(DraftField.Cc, error.Field);
        Assert.Contains("nobody@example.org: There is no such mailbox. (5.1.1)", error.Reason, StringComparison.Ordinal);
        Assert.Empty(_mailboxes.Of(Samples.Bob.Id, InMemoryMailboxes.Sent));
    }

    [Fact]
    public async Task Passes_on_that_it_must_wait()
    {
        _submission.Answer = new SubmissionOutcome.Deferred(StatusCodes.SystemStorageFull, "The disk is full.");

        Assert.Contains("The disk is full.", Assert.IsType<SendOutcome.Deferred>(await SendAsync(Draft("ann@example.net"))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_message_beyond_the_limit_before_anybody_is_asked()
    {
        var refused = Assert.IsType<SendOutcome.Refused>(
            await SendAsync(Draft("ann@example.net"), [new DraftFile("big", "application/octet-stream", () => new MemoryStream(new byte[80_000]))], maxOctets: 100_000));

        Assert.Equal(DraftField.Attachments, Assert.Single(refused.Errors).Field);
        Assert.Empty(_submission.Taken);
        Assert.Empty(Directory.GetFiles(_directory.Path, "*.eml", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Asks_for_a_recipient()
    {
        var refused = Assert.IsType<SendOutcome.Refused>(await SendAsync(Draft("")));
        Assert.Equal(DraftField.To, Assert.Single(refused.Errors).Field);
    }

    private Draft Draft(string to) => new(_id) { To = to, Subject = "S", Text = "T" };

    private Task<SendOutcome> SendAsync(Draft draft, IReadOnlyList<DraftFile>? files = null, long maxOctets = 50_000_000) =>
        Outgoing(maxOctets).SendAsync(Samples.Bob, draft, files ?? [], CancellationToken.None);

    private OutgoingMail Outgoing(long maxOctets = 50_000_000)
    {
        var options = Samples.Options(_directory.Path) with { MaxMessageOctets = maxOctets };
        return new OutgoingMail(_submission, _mailboxes, _journeys, new MessageWriter(options, _clock), options, _clock, NullLogger<OutgoingMail>.Instance);
    }
}
