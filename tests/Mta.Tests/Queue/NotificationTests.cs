using System.Text;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>What senders are told of their mail, and what the next host is asked to tell (RFC 3461).</summary>
public sealed class NotificationTests
{
    [EhloKeyword("DSN")]
    [Fact]
    public async Task Passes_everything_on_to_a_host_that_offers_DSN_and_tells_nothing_itself()
    {
        await using var peer = new SmtpPeer { Extensions = ["PIPELINING", "DSN"] };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await SendAsync(scene, new MailRequests { EnvelopeId = "a+b c", Return = ReturnContent.Full },
            To("bob@there.test", Notify.Success | Notify.Failure) with { OriginalRecipient = new OriginalRecipient("rfc822", "old bob@there.test") },
            To("cy@there.test", Notify.Never), To("dee@there.test"));

        await scene.EmptyAsync();
        var got = Assert.Single(peer.Messages);
        Assert.Equal("MAIL FROM:<ann@here.test> RET=FULL ENVID=a+2Bb+20c", got.Mail);
        Assert.Equal(
            ["RCPT TO:<bob@there.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;old+20bob@there.test", "RCPT TO:<cy@there.test> NOTIFY=NEVER", "RCPT TO:<dee@there.test>"],
            got.Rcpts);
        Assert.Empty(scene.Mda.Stored);
    }

    [EhloKeyword("DSN")]
    [Fact]
    public async Task Tells_that_it_was_relayed_when_the_next_host_will_not()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        var message = await SendAsync(scene, new MailRequests { EnvelopeId = "QQ1" }, To("bob@there.test", Notify.Success), To("cy@there.test"), To("dee@there.test", Notify.Never));

        var report = await ReportAsync(scene);
        await scene.EmptyAsync();
        Assert.Contains("Original-Envelope-Id: QQ1\r\n", report, StringComparison.Ordinal);
        Assert.Contains("Final-Recipient: rfc822; bob@there.test\r\nAction: relayed\r\nStatus: 2.0.0\r\nRemote-MTA: dns; mx127-0-0-1.there.test\r\n", report, StringComparison.Ordinal);
        Assert.DoesNotContain("cy@there.test", report, StringComparison.Ordinal);
        Assert.DoesNotContain("How are you?", report, StringComparison.Ordinal);
        Assert.Single(scene.Mda.Stored);
        Assert.Equal("MAIL FROM:<ann@here.test> SIZE=55", Assert.Single(peer.Messages).Mail);
        var told = await scene.SeeAsync(JourneyStep.Reported);
        Assert.Equal(message.Journey, told.Journey);
        Assert.Equal(["bob@there.test"], told.Recipients.Select(recipient => recipient.ToString()));
    }

    [EhloKeyword("DSN")]
    [Theory]
    [InlineData(false, "delivered")]
    [InlineData(true, "expanded")]
    public async Task Tells_that_what_had_to_wait_is_in_the_mailbox(bool isAlias, string action)
    {
        await using var scene = await RelayScene.StartAsync(1);
        scene.Mda.OnDelivery = address => address.LocalPart == "bob" ? new LocalDeliveryOutcome.Stored { Expanded = isAlias } : null;

        await SendAsync(scene, MailRequests.None, To("bob@here.test", Notify.Success), To("cy@here.test"));

        var report = await ReportAsync(scene);
        await scene.EmptyAsync();
        Assert.Contains($"Final-Recipient: rfc822; bob@here.test\r\nAction: {action}\r\nStatus: 2.1.5\r\n", report, StringComparison.Ordinal);
        Assert.Contains("Subject: Delivered to bob@here.test: Hello", report, StringComparison.Ordinal);
        Assert.DoesNotContain("cy@here.test", report, StringComparison.Ordinal);
    }

    [EhloKeyword("DSN")]
    [Fact]
    public async Task Makes_the_report_of_success_once_when_it_is_killed_before_it()
    {
        using var disk = new TempDirectory();
        await using (var first = await RelayScene.StartAsync(1, runQueue: false))
        {
            var message = Message(first, MailRequests.None, To("bob@here.test", Notify.Success));
            message = message with { Recipients = [message.Recipients[0] with { Success = new RecipientSuccess(Expanded: false) }] };
            await first.Spool.AcceptAsync(message, CancellationToken.None);
            // The same message once more, as after a crash between the spool's commit and the answer.
            await first.Spool.AcceptAsync(message, CancellationToken.None);
            Assert.Equal(1, first.Count("Recipients", "State = 5"));
            Assert.Empty(first.Journeys.Events);
            CrashCopy.Make(first.DataDirectory, disk.Path);
        }

        await using var second = await RelayScene.StartAsync(1, directory: disk);

        var report = await ReportAsync(second);
        await second.EmptyAsync();
        Assert.Contains("Action: delivered", report, StringComparison.Ordinal);
        Assert.Single(second.Mda.Stored);
    }

    [EhloKeyword("DSN")]
    [Theory]
    [InlineData(Notify.Never, 0)]
    [InlineData(Notify.Success, 0)]
    [InlineData(Notify.Delay, 0)]
    [InlineData(Notify.Failure, 1)]
    [InlineData(Notify.Unspecified, 1)]
    internal async Task Tells_of_a_failure_only_who_wants_to_hear_of_it(Notify notify, int reports)
    {
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await SendAsync(scene, MailRequests.None, To("bob@there.test", notify));

        var bounced = await scene.SeeAsync(JourneyStep.Bounced);
        await scene.EmptyAsync();
        Assert.Equal(reports, scene.Mda.Stored.Count);
        Assert.Equal(reports == 0, bounced.Summary.Contains("Nobody is told, because its sender asked for that", StringComparison.Ordinal));
    }

    [EhloKeyword("DSN")]
    [Fact]
    public async Task Tells_failures_and_successes_in_a_report_each()
    {
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT TO:<bob", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await SendAsync(scene, new MailRequests { Return = ReturnContent.Full }, To("bob@there.test", Notify.Failure), To("cy@there.test", Notify.Success), To("dee@here.test", Notify.Success));

        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count(mail => mail.Recipient == "ann@here.test") >= 2);
        await scene.EmptyAsync();
        var reports = Reports(scene).ToList();
        var failure = Assert.Single(reports, text => text.Contains("Action: failed", StringComparison.Ordinal));
        Assert.Contains("How are you?", failure, StringComparison.Ordinal);
        Assert.All(reports.Where(text => text != failure), text => Assert.DoesNotContain("How are you?", text, StringComparison.Ordinal));
        Assert.Equal(["Action: delivered", "Action: relayed"], reports.SelectMany(text => text.Split("\r\n")).Where(line => line.StartsWith("Action: ", StringComparison.Ordinal) && line != "Action: failed").Order(StringComparer.Ordinal));
    }

    [EhloKeyword("DSN")]
    [Theory]
    [InlineData(Notify.Unspecified, 1)]
    [InlineData(Notify.Delay, 1)]
    [InlineData(Notify.Failure, 0)]
    [InlineData(Notify.Never, 0)]
    internal async Task Tells_once_that_it_takes_long(Notify notify, int reports)
    {
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.7.1 come back later" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { Relay = options.Relay with { RetryDelays = [TimeSpan.FromMinutes(59)], DelayWarning = TimeSpan.FromHours(2) } });
        scene.Host("there.test");
        await SendAsync(scene, MailRequests.None, To("bob@there.test", notify));

        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var expected = attempt;
            await RelayScene.UntilAsync(() => scene.Journeys.Events.Count(one => one.Step == JourneyStep.Deferred) == expected);
            // The second attempt comes an hour after the first at the earliest, the third two hours.
            if (attempt <= 2)
                Assert.Empty(scene.Mda.Stored);
            scene.Clock.Advance(TimeSpan.FromMinutes(66));
        }

        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count == reports);
        Assert.Equal(reports, Reports(scene).Count(text => text.Contains("Action: delayed\r\nStatus: 4.7.1\r\n", StringComparison.Ordinal) && text.Contains("Will-Retry-Until: ", StringComparison.Ordinal)));
        Assert.Equal(1, scene.Count("Recipients", $"State = 0 AND Warned = {reports}"));
    }

    [Fact]
    public async Task Tells_of_all_that_wait_in_one_report_whatever_their_destinations()
    {
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? $"451 4.7.1 {line[8..]} later" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { Relay = options.Relay with { RetryDelays = [TimeSpan.FromMinutes(59)], DelayWarning = TimeSpan.FromHours(2) } });
        scene.Host("there.test");
        scene.Host("yonder.test");
        await SendAsync(scene, MailRequests.None, To("bob@there.test"), To("cy@yonder.test"), To("dee@yonder.test", Notify.Failure));

        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var expected = 3 * attempt;
            await RelayScene.UntilAsync(() => scene.Journeys.Events.Where(one => one.Step == JourneyStep.Deferred).Sum(one => one.Recipients.Count) == expected);
            scene.Clock.Advance(TimeSpan.FromMinutes(66));
        }

        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count > 0);
        var report = Assert.Single(Reports(scene));
        Assert.Contains("Final-Recipient: rfc822; bob@there.test\r\nAction: delayed\r\n", report, StringComparison.Ordinal);
        Assert.Contains("Final-Recipient: rfc822; cy@yonder.test\r\nAction: delayed\r\n", report, StringComparison.Ordinal);
        Assert.Contains("<cy@yonder.test> later", report, StringComparison.Ordinal);
        Assert.Contains($"The host was mx127-0-0-1.there.test [127.0.0.1]:{peer.EndPoint.Port}.", report.Replace("=\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("dee@", report, StringComparison.Ordinal);
        Assert.Contains("Subject: Not yet delivered to 2 addresses: Hello", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_tells_a_null_reverse_path()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await scene.Spool.AcceptAsync(
            Message(scene, MailRequests.None, To("bob@there.test", Notify.Success), To("cy@here.test", Notify.Success)) with { ReversePath = ReversePath.Null }, CancellationToken.None);

        await scene.EmptyAsync();
        Assert.Equal("cy@here.test", Assert.Single(scene.Mda.Stored).Recipient);
    }

    [Fact]
    public async Task Reports_with_the_priority_of_the_message()
    {
        await using var peer = new SmtpPeer { Extensions = ["MT-PRIORITY"], OnCommand = line => line.StartsWith("RCPT TO:<bob", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        var message = Message(scene, new MailRequests { Priority = 4 }, To("bob@there.test"));
        await scene.Spool.AcceptAsync(message with { ReversePath = ReversePath.Of(EnvelopeAddress.Parse("eve@there.test")) }, CancellationToken.None);

        await RelayScene.UntilAsync(() => peer.Messages.Count == 1);
        Assert.Equal("MAIL FROM:<> MT-PRIORITY=4", peer.Messages[0].Mail);
    }

    internal static EnvelopeRecipient To(string address, Notify notify = Notify.Unspecified) => new(EnvelopeAddress.Parse(address)) { Notify = notify };

    internal static SpooledMessage Message(RelayScene scene, MailRequests requests, params EnvelopeRecipient[] to) =>
        RelayScene.Message(scene.Clock, "ann@here.test", []) with { Requests = requests, Recipients = [.. to.Select(recipient => new SpooledRecipient(recipient, null))] };

    internal static async Task<SpooledMessage> SendAsync(RelayScene scene, MailRequests requests, params EnvelopeRecipient[] to)
    {
        var message = Message(scene, requests, to);
        await scene.Spool.AcceptAsync(message, CancellationToken.None);
        return message;
    }

    internal static IEnumerable<string> Reports(RelayScene scene) =>
        scene.Mda.Stored.Where(mail => mail.Recipient == "ann@here.test").Select(mail => Encoding.UTF8.GetString(mail.Octets));

    internal static async Task<string> ReportAsync(RelayScene scene)
    {
        await RelayScene.UntilAsync(() => Reports(scene).Any());
        return Reports(scene).First();
    }
}
