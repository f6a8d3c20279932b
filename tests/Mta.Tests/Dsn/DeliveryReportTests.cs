using System.Text;
using CsCheck;
using MailSuite.Mta.Dsn;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Time.Testing;
using MimeKit;

namespace MailSuite.Mta.Tests.Dsn;

public sealed class DeliveryReportTests
{
    private const string Original = "Received: from x\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <abc@here.test>\r\n\r\nThe body is secret.\r\n";

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Is_a_multipart_report_of_three_parts()
    {
        var (spooled, report) = await ComposeAsync(Original, Failed("bob@there.test"));

        Assert.True(spooled.ReversePath.IsNull);
        Assert.Equal("ann@here.test", Assert.Single(spooled.Recipients).Address.ToString());
        Assert.Equal("\"Mail delivery\" <postmaster@here.test>", report.From.ToString());
        Assert.Equal("auto-replied", report.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal("abc@here.test", report.InReplyTo);
        Assert.Equal(Now, report.Date);
        var parts = Assert.IsType<MultipartReport>(report.Body);
        Assert.Equal("delivery-status", parts.ReportType);
        Assert.Equal(["text/plain", "message/delivery-status", "text/rfc822-headers"], parts.Select(part => part.ContentType.MimeType));
    }

    [Fact]
    public async Task Tells_people_first_what_happened_where_and_what_to_do()
    {
        var (_, report) = await ComposeAsync(Original, Failed("bob@there.test"));

        var text = ((TextPart)((Multipart)report.Body!)[0]).Text.ReplaceLineEndings("\r\n");
        Assert.Contains("could not be delivered to this address", text, StringComparison.Ordinal);
        Assert.Contains("  bob@there.test\r\n    What happened: mx.there.test refused it. (5.1.1)\r\n    When: 2026-11-23 11:30 UTC\r\n", text, StringComparison.Ordinal);
        Assert.Contains("The words of mx.there.test:\r\n      550-5.1.1 Nobody\r\n      550 5.1.1 here", text, StringComparison.Ordinal);
        Assert.Contains("What it means: There is no mailbox of this name at that domain.\r\n    What to do: Check the spelling", text, StringComparison.Ordinal);
        Assert.Contains("Subject:  Grüße", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_a_group_of_fields_for_each_recipient()
    {
        var (spooled, report) = await ComposeAsync(Original, Failed("bob@there.test"), Failed("dör@there.test") with { Last = new LastOutcome(StatusCodes.NoSuchDomain, "There is no domain.", null, null) });

        var groups = Assert.IsType<MessageDeliveryStatus>(((Multipart)report.Body!)[1]).StatusGroups;
        Assert.Equal(["Reporting-MTA: dns; mx.here.test", "Arrival-Date: Mon, 23 Nov 2026 11:00:00 +0000"], Fields(groups[0]));
        Assert.Equal(
            ["Final-Recipient: rfc822; bob@there.test", "Action: failed", "Status: 5.1.1", "Remote-MTA: dns; mx.there.test", "Diagnostic-Code: smtp; 550-5.1.1 Nobody 550 5.1.1 here", "Last-Attempt-Date: Mon, 23 Nov 2026 11:30:00 +0000"],
            Fields(groups[1]));
        Assert.Equal(
            [@"Final-Recipient: utf-8; d\x{F6}r@there.test", "Action: failed", "Status: 5.1.2", "Last-Attempt-Date: Mon, 23 Nov 2026 11:30:00 +0000"],
            Fields(groups[2]));
        Assert.True(Ascii.IsValid(await OctetsAsync(spooled)));
    }

    [Fact]
    public async Task Returns_the_header_and_nothing_of_the_body()
    {
        var (spooled, report) = await ComposeAsync(Original, Failed("bob@there.test"));

        var text = Encoding.ASCII.GetString(await OctetsAsync(spooled));
        Assert.Contains("\r\n\r\n" + Original[..(Original.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 2)], text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Equal(["Received", "Subject", "Message-Id"], ((TextRfc822Headers)((Multipart)report.Body!)[2]).Message!.Headers.Select(field => field.Id.ToHeaderName()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\nonly a body")]
    [InlineData("no header at all\r\n\r\nbody")]
    [InlineData("Subject: Grüße in 8 bit\r\nMessage-ID: broken\r\n\r\nbody")]
    [InlineData(": \r\n: \0\u0007\r\n\r\n")]
    public async Task Is_seven_bit_and_clean_whatever_the_message_was(string message)
    {
        var (spooled, report) = await ComposeAsync(message, Failed("bob@there.test"));

        var octets = await OctetsAsync(spooled);
        Assert.True(Ascii.IsValid(octets));
        Assert.DoesNotContain("\n", Encoding.ASCII.GetString(octets).Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(3, ((Multipart)report.Body!).Count);
    }

    [Fact]
    public async Task Cuts_a_header_that_is_too_long()
    {
        var (spooled, _) = await ComposeAsync(string.Concat(Enumerable.Repeat("X-Long: 0123456789012345678901234567890123456789\r\n", 4000)) + "\r\nbody\r\n", Failed("bob@there.test"));

        var lines = Encoding.ASCII.GetString(await OctetsAsync(spooled)).Split("\r\n").Where(line => line.StartsWith("X-Long", StringComparison.Ordinal)).ToList();
        Assert.InRange(lines.Count, 1200, 1400);
        Assert.All(lines, line => Assert.Equal(48, line.Length));
    }

    [Fact]
    public async Task Is_made_even_when_the_message_cannot_be_read_any_more()
    {
        var (_, report) = await ComposeAsync(new FileContent(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString()), 100), "ann@here.test", Failed("bob@there.test"));

        Assert.Equal(3, ((Multipart)report.Body!).Count);
    }

    [Theory]
    [InlineData("\"b o b\"@here.test")]
    [InlineData("\"a\\\"b\\\\c@d\"@here.test")]
    [InlineData("ann@[127.0.0.1]")]
    [InlineData("ann@[IPv6:2001:db8::1]")]
    [InlineData("d\u00f6r@xn--bcher-kva.test")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@here.test")]
    public async Task Reaches_a_sender_of_any_address(string sender)
    {
        var (spooled, report) = await ComposeAsync(Original, sender, Failed("bob@there.test"));

        Assert.Equal(sender, Assert.Single(spooled.Recipients).Address.ToString());
        Assert.Equal(!Ascii.IsValid(Encoding.UTF8.GetBytes(sender)), spooled.SmtpUtf8);
        Assert.Single(report.To.Mailboxes);
    }

    [Fact]
    public Task Never_fails_over_the_header_of_a_message() => Gen.Byte.Array[0, 300].SampleAsync(async header =>
    {
        var (_, report) = await ComposeAsync(new MemoryContent((byte[])[.. "Subject: "u8, .. header, .. "\r\nMessage-ID: "u8, .. header]), "ann@here.test", Failed("bob@there.test"));
        return report.Body is Multipart { Count: 3 };
    }, iter: 1000);

    [Theory]
    [InlineData(ReportKind.Failed, ReturnContent.Full, 100, true)]
    [InlineData(ReportKind.Failed, ReturnContent.Full, 99, false)]
    [InlineData(ReportKind.Failed, ReturnContent.Headers, 100, false)]
    [InlineData(ReportKind.Failed, null, 100, false)]
    [InlineData(ReportKind.Delayed, ReturnContent.Full, 100, false)]
    [InlineData(ReportKind.Succeeded, ReturnContent.Full, 100, false)]
    internal async Task Returns_the_whole_message_only_of_a_failure_that_asks_for_it_and_is_not_too_large(ReportKind kind, ReturnContent? content, int maxOctets, bool whole)
    {
        var original = "Subject: x\r\n\r\nsecret grün";
        original = original.PadRight(97, 'x') + "\r\n";
        Assert.Equal(100, Encoding.UTF8.GetByteCount(original));

        var (spooled, report) = await ComposeAsync(
            new MemoryContent(Encoding.UTF8.GetBytes(original)), "ann@here.test", message => message with { Requests = new MailRequests { Return = content } }, kind, maxOctets, Failed("bob@there.test"));

        var part = ((Multipart)report.Body!)[2];
        Assert.Equal(whole ? "message/rfc822" : "text/rfc822-headers", part.ContentType.MimeType);
        Assert.Equal(whole ? BodyType.EightBitMime : BodyType.SevenBit, spooled.Body);
        Assert.Equal(whole, Encoding.UTF8.GetString(await OctetsAsync(spooled)).Contains("\r\n\r\n" + original, StringComparison.Ordinal));
        Assert.Contains(whole ? "mail programs and your message." : "mail programs and the header of your message.", ((TextPart)((Multipart)report.Body!)[0]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Returns_no_more_than_the_header_of_a_message_whose_header_is_beyond_ASCII()
    {
        var (spooled, report) = await ComposeAsync(
            new MemoryContent("Subject: grün\r\n\r\nsecret\r\n"u8.ToArray()), "ann@here.test", message => message with { Requests = new MailRequests { Return = ReturnContent.Full } }, ReportKind.Failed, 1000, Failed("bob@there.test"));

        Assert.Equal("text/rfc822-headers", ((Multipart)report.Body!)[2].ContentType.MimeType);
        Assert.True(Ascii.IsValid(await OctetsAsync(spooled)));
    }

    [Theory]
    [InlineData(ReportKind.Failed, RecipientState.Failed, "failed", "Not delivered to bob@there.test: Grüße")]
    [InlineData(ReportKind.Delayed, RecipientState.Waiting, "delayed", "Not yet delivered to bob@there.test: Grüße")]
    [InlineData(ReportKind.Succeeded, RecipientState.DeliveredUntold, "delivered", "Delivered to bob@there.test: Grüße")]
    [InlineData(ReportKind.Succeeded, RecipientState.RelayedUntold, "relayed", "Sent on to bob@there.test: Grüße")]
    [InlineData(ReportKind.Succeeded, RecipientState.ExpandedUntold, "expanded", "Delivered to bob@there.test: Grüße")]
    internal async Task Repeats_what_the_sender_named_and_asked(ReportKind kind, RecipientState state, string action, string subject)
    {
        var recipient = Failed("bob@there.test") with { State = state, Recipient = new EnvelopeRecipient(EnvelopeAddress.Parse("bob@there.test")) { OriginalRecipient = new OriginalRecipient("utf-8", "dör@there.test") } };
        var requests = new MailRequests { EnvelopeId = "QQ 1", DeliverBy = new DeliverBy(Now, Returns: true, Traces: false), Hold = new FutureRelease(Now, "until;2026-11-23T12:00:00Z") };

        var (_, report) = await ComposeAsync(new MemoryContent(Encoding.UTF8.GetBytes(Original)), "ann@here.test", message => message with { Requests = requests }, kind, 0, recipient);

        Assert.Equal(subject, report.Subject);
        var groups = Assert.IsType<MessageDeliveryStatus>(((Multipart)report.Body!)[1]).StatusGroups;
        Assert.Equal(
            ["Original-Envelope-Id: QQ 1", "Reporting-MTA: dns; mx.here.test", "Arrival-Date: Mon, 23 Nov 2026 11:00:00 +0000", "Deliver-By-Date: Mon, 23 Nov 2026 12:00:00 +0000", "Future-Release-Request: until;2026-11-23T12:00:00Z"],
            Fields(groups[0]));
        Assert.Equal([@"Original-Recipient: utf-8; d\x{F6}r@there.test", "Final-Recipient: rfc822; bob@there.test", $"Action: {action}"], Fields(groups[1]).Take(3));
        Assert.Equal(kind == ReportKind.Delayed, Fields(groups[1]).Contains("Will-Retry-Until: Sat, 28 Nov 2026 12:00:00 +0000"));
    }

    [Fact]
    public async Task Speaks_UTF8_to_a_sender_who_has_it()
    {
        var recipient = Failed("bob@there.test") with
        {
            Recipient = new EnvelopeRecipient(EnvelopeAddress.Parse("dör@there.test")) { OriginalRecipient = new OriginalRecipient("utf-8", "büro@here.test") },
            Last = new LastOutcome(StatusCodes.NoSuchMailbox, "Nein.", "mx.there.test", "550 5.1.1 Kein Briefkasten für ihn"),
        };

        var (spooled, report) = await ComposeAsync("Subject: Grün\r\nMessage-ID: <1@x>\r\n\r\nbody\r\n", "jörg@here.test", recipient);

        Assert.True(spooled.SmtpUtf8);
        Assert.Equal(BodyType.EightBitMime, spooled.Body);
        Assert.Equal("Not delivered to dör@there.test: Grün", report.Subject);
        Assert.Equal(["text/plain", "message/global-delivery-status", "message/global-headers"], ((Multipart)report.Body!).Select(part => part.ContentType.MimeType));
        var text = Encoding.UTF8.GetString(await OctetsAsync(spooled));
        Assert.Contains("\r\nOriginal-Recipient: utf-8; büro@here.test\r\nFinal-Recipient: utf-8; dör@there.test\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Diagnostic-Code: smtp; 550 5.1.1 Kein Briefkasten für ihn\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\nSubject: Grün\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folds_what_a_host_said_at_length_and_keeps_its_words()
    {
        var words = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"word{i}")) + " " + new string('x', 3000);
        var (spooled, report) = await ComposeAsync(Original, Failed("bob@there.test") with { Last = new LastOutcome(StatusCodes.NoSuchMailbox, "No.", "mx.there.test", "550 " + words) });

        Assert.All(Encoding.ASCII.GetString(await OctetsAsync(spooled)).Split("\r\n"), line => Assert.InRange(line.Length, 0, 400));
        var code = Assert.IsType<MessageDeliveryStatus>(((Multipart)report.Body!)[1]).StatusGroups[1]["Diagnostic-Code"]!;
        Assert.StartsWith("smtp; 550 word0 word1 word2 ", code, StringComparison.Ordinal);
        Assert.Contains("word398 word399", code, StringComparison.Ordinal);
        Assert.Equal(3000, code.Count(c => c == 'x'));
    }

    [Fact]
    public async Task Repeats_of_a_long_subject_the_beginning()
    {
        var (_, atLimit) = await ComposeAsync($"Subject: {new string('s', 100)}\r\n\r\n", Failed("bob@there.test"));
        Assert.Equal($"Not delivered to bob@there.test: {new string('s', 100)}", atLimit.Subject);
        var (_, above) = await ComposeAsync($"Subject: {new string('s', 101)}\r\n\r\n", Failed("bob@there.test"));
        Assert.Equal($"Not delivered to bob@there.test: {new string('s', 100)}…", above.Subject);
    }

    [Theory]
    [InlineData("5.1.1", "no mailbox of this name", "Check the spelling")]
    [InlineData("5.2.2", "The mailbox is full", "send it again later")]
    [InlineData("5.3.4", "larger than that mail system takes", "Send a smaller message")]
    [InlineData("5.7.23", "does not believe", "your own domain")]
    [InlineData("5.7.99", "reasons of security", "Its words may say why")]
    [InlineData("5.9.9", "The mail system refused it", "Its words may say why")]
    [InlineData("5.0.0", "The mail system refused it", "Its words may say why")]
    public async Task Says_what_a_status_means_and_what_can_be_done(string status, string meaning, string advice)
    {
        Assert.True(EnhancedStatusCode.TryReadPrefix(status, out var code));
        var (_, report) = await ComposeAsync(Original, Failed("bob@there.test") with { Last = new LastOutcome(code, "No.", null, null) });

        var text = ((TextPart)((Multipart)report.Body!)[0]).Text;
        Assert.Contains(meaning, text, StringComparison.Ordinal);
        Assert.Contains(advice, text, StringComparison.Ordinal);
    }

    private static QueuedRecipient Failed(string address) => new(
        1, EnvelopeAddress.Parse(address), 1, Now.AddMinutes(-30), new LastOutcome(StatusCodes.NoSuchMailbox, "mx.there.test refused it.", "mx.there.test", "550-5.1.1 Nobody\n550 5.1.1 here"));

    private static Task<(SpooledMessage Spooled, MimeMessage Report)> ComposeAsync(string original, params QueuedRecipient[] recipients) =>
        ComposeAsync(original, "ann@here.test", recipients);

    private static Task<(SpooledMessage Spooled, MimeMessage Report)> ComposeAsync(string original, string sender, params QueuedRecipient[] recipients) =>
        ComposeAsync(new MemoryContent(Encoding.UTF8.GetBytes(original)), sender, recipients);

    private static Task<(SpooledMessage Spooled, MimeMessage Report)> ComposeAsync(IMessageContent original, string sender, params QueuedRecipient[] recipients) =>
        ComposeAsync(original, sender, message => message, ReportKind.Failed, 0, recipients);

    private static async Task<(SpooledMessage Spooled, MimeMessage Report)> ComposeAsync(
        IMessageContent original, string sender, Func<QueuedMessage, QueuedMessage> change, ReportKind kind, int maxReturnedOctets, params QueuedRecipient[] recipients)
    {
        var clock = new FakeTimeProvider(Now);
        var message = new QueuedMessage(
            1, QueueId.New(clock), JourneyId.New(clock), null, DeliveryId.New(clock), ReversePath.Of(EnvelopeAddress.Parse(sender)),
            BodyType.SevenBit, false, Now.AddHours(-1), recipients, original);
        var options = new MtaOptions { DataDirectory = "", HostName = Domain.Parse("mx.here.test"), Relay = new RelayOptions { MaxReturnedOctets = maxReturnedOctets } };

        var spooled = await new DeliveryReport(options, new SenderRewriting(options, new SrsKeys(options), clock), clock).ComposeAsync(change(message), kind, EnvelopeAddress.Parse("chief@here.test"), EnvelopeAddress.Parse("postmaster@here.test"), CancellationToken.None);
        return (spooled, await MimeMessage.LoadAsync(spooled.Content.OpenRead(), TestContext.Current.CancellationToken));
    }

    private static IEnumerable<string> Fields(HeaderList group) => group.Select(field => $"{field.Field}: {field.Value}");

    private static async Task<byte[]> OctetsAsync(SpooledMessage message)
    {
        using var octets = new MemoryStream();
        await using var stream = message.Content.OpenRead();
        await stream.CopyToAsync(octets, TestContext.Current.CancellationToken);
        return octets.ToArray();
    }
}
