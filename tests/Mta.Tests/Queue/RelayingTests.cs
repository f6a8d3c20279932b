using MailSuite.Mta.Spool;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Queue;

public sealed class RelayingTests
{
    [Fact]
    public async Task Takes_a_message_to_the_host_of_its_recipient_and_forgets_it()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        var message = await scene.SendAsync("ann@here.test", ["bob@there.test"], "Subject: dots\r\n\r\n.one\r\n..two\r\n.\r\nend\r\n");

        var relayed = await scene.SeeAsync(JourneyStep.Relayed);
        await scene.EmptyAsync();
        var got = Assert.Single(peer.Messages);
        Assert.Equal("MAIL FROM:<ann@here.test> SIZE=38", got.Mail);
        Assert.Equal(["RCPT TO:<bob@there.test>"], got.Rcpts);
        Assert.Equal("Subject: dots\r\n\r\n.one\r\n..two\r\n.\r\nend\r\n", got.Text);
        Assert.Equal(message.Journey, relayed.Journey);
        Assert.Contains("250 2.0.0 taken", relayed.Reason, StringComparison.Ordinal);
        Assert.Contains(relayed.Dialogue, line => line.ToString() == "C: (message, 38 octets)");
        Assert.Equal([JourneyStep.Queued, JourneyStep.Routed, JourneyStep.Relayed], scene.Journeys.Events.Select(one => one.Step));
        await scene.StopAsync();
        await RelayScene.UntilAsync(() => peer.Commands[^1] == "QUIT");
    }

    [Fact]
    public async Task Returns_a_message_that_is_refused_to_its_sender()
    {
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550-5.1.1 There is nobody\r\n550 5.1.1 of that name" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        var message = await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        var bounced = await scene.SeeAsync(JourneyStep.Bounced);
        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count > 0);
        await scene.EmptyAsync();
        var (recipient, octets) = Assert.Single(scene.Mda.Stored);
        Assert.Equal("ann@here.test", recipient);
        Assert.Contains("550-5.1.1 There is nobody", System.Text.Encoding.UTF8.GetString(octets), StringComparison.Ordinal);
        Assert.Empty(peer.Messages);
        Assert.Equal(message.Journey, bounced.Journey);
        Assert.Contains(bounced.Dialogue, line => line.Text == "550 5.1.1 of that name");
        var report = Assert.Single(scene.Journeys.Events, one => one.Journey == bounced.Related);
        Assert.Equal((JourneyStep.Queued, message.Journey), (report.Step, report.Related));
    }

    [Fact]
    public async Task Tries_again_when_the_schedule_says_so()
    {
        var busy = true;
        await using var peer = new SmtpPeer { OnCommand = line => busy && line.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.7.1 come back later" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        var deferred = await scene.SeeAsync(JourneyStep.Deferred);
        Assert.Equal("451 4.7.1 come back later", deferred.Reason);
        Assert.Equal(1, peer.Connections);
        busy = false;
        scene.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(1, scene.Count("Recipients", "State = 0 AND Attempts = 1"));
        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        await scene.SeeAsync(JourneyStep.Relayed);
        await scene.EmptyAsync();
        Assert.Single(peer.Messages);
    }

    [Fact]
    public async Task Gives_up_at_the_end_of_the_lifetime_and_tells_the_last_trouble()
    {
        await using var peer = new SmtpPeer { OnCommand = line => line == "." ? "450 4.2.1 mailbox busy" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        for (var day = 0; day < 6 && !Failed(); day++)
        {
            await RelayScene.UntilAsync(() => scene.Journeys.Events.Count(one => one.Step == JourneyStep.Deferred) > day || Failed());
            scene.Clock.Advance(TimeSpan.FromDays(1.25));
        }

        await RelayScene.UntilAsync(Failed);
        var report = Reports().Single(text => text.Contains("Action: failed", StringComparison.Ordinal));
        Assert.Contains("Status: 5.2.1", report, StringComparison.Ordinal);
        Assert.Contains("mailbox busy", report, StringComparison.Ordinal);
        Assert.Single(Reports(), text => text.Contains("Action: delayed", StringComparison.Ordinal));
        await scene.EmptyAsync();

        IEnumerable<string> Reports() => scene.Mda.Stored.Select(mail => System.Text.Encoding.UTF8.GetString(mail.Octets));
        bool Failed() => Reports().Any(text => text.Contains("Action: failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keeps_a_message_with_a_null_reverse_path_where_nobody_is_to_be_told()
    {
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { Relay = options.Relay with { DoubleBounces = false } });
        scene.Host("there.test");

        await scene.SendAsync("", ["bob@there.test"]);

        var bounced = await scene.SeeAsync(JourneyStep.Bounced);
        Assert.Null(bounced.Related);
        Assert.Equal(1, scene.Count("Recipients", "State = 4"));
        Assert.Equal(1, scene.Count("Messages"));
        Assert.Empty(scene.Mda.Stored);

        scene.Clock.Advance(TimeSpan.FromDays(31));
        await scene.EmptyAsync();
    }

    [Fact]
    public async Task Reports_what_failed_at_acceptance_together_with_what_fails_at_the_first_attempt()
    {
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        scene.Host("yonder.test");
        var message = RelayScene.Message(scene.Clock, "ann@here.test", ["bob@there.test", "cy@yonder.test", "nosuch@nosuch.test"]);
        message = message with { Recipients = [.. message.Recipients, new SpooledRecipient(MailSuite.Shared.Addressing.EnvelopeAddress.Parse("dee@here.test"), new RecipientFailure(StatusCodes.MailboxFull, "The mailbox is full."))] };

        await scene.Spool.AcceptAsync(message, CancellationToken.None);

        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count > 0);
        await scene.EmptyAsync();
        var report = System.Text.Encoding.UTF8.GetString(Assert.Single(scene.Mda.Stored).Octets);
        Assert.Contains("Final-Recipient: rfc822; bob@there.test", report, StringComparison.Ordinal);
        Assert.Contains("Final-Recipient: rfc822; cy@yonder.test", report, StringComparison.Ordinal);
        Assert.Contains("Final-Recipient: rfc822; nosuch@nosuch.test", report, StringComparison.Ordinal);
        Assert.Contains("Final-Recipient: rfc822; dee@here.test", report, StringComparison.Ordinal);
    }
}
