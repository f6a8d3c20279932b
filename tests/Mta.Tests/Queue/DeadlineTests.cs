using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using static MailSuite.Mta.Tests.Queue.NotificationTests;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>Mail with a time: until when it is to be delivered (DELIVERBY, RFC 2852), and before which it is held (FUTURERELEASE, RFC 4865).</summary>
public sealed class DeadlineTests
{
    [EhloKeyword("DELIVERBY")]
    [Theory]
    [InlineData("DELIVERBY", true, false, "BY=100;R")]
    [InlineData("DELIVERBY 100", true, true, "BY=100;RT")]
    [InlineData("DELIVERBY 101", false, false, "BY=100;N")]
    public async Task Passes_the_time_that_is_left_on(string keyword, bool returns, bool traces, string expected)
    {
        await using var peer = new SmtpPeer { Extensions = ["DSN", keyword] };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await SendAsync(scene, new MailRequests { DeliverBy = In(scene, 100.9, returns, traces) }, To("bob@there.test"));

        await scene.EmptyAsync();
        var got = Assert.Single(peer.Messages);
        Assert.Equal($"MAIL FROM:<ann@here.test> {expected}", got.Mail);
        Assert.Equal(["RCPT TO:<bob@there.test>"], got.Rcpts);
        Assert.Equal(traces ? 1 : 0, scene.Mda.Stored.Count);
    }

    [EhloKeyword("DELIVERBY")]
    [Theory]
    [InlineData("DSN", "5.3.3")]
    [InlineData("DELIVERBY 101", "5.4.7")]
    public async Task Returns_what_is_not_to_be_late_rather_than_give_it_to_a_host_that_keeps_no_such_time(string keyword, string status)
    {
        await using var peer = new SmtpPeer { Extensions = [keyword] };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await SendAsync(scene, new MailRequests { DeliverBy = In(scene, 100, returns: true) }, To("bob@there.test"));

        var report = await ReportAsync(scene);
        await scene.EmptyAsync();
        Assert.Contains($"Action: failed\r\nStatus: {status}\r\n", report, StringComparison.Ordinal);
        Assert.Contains("\r\nDeliver-By-Date: ", report, StringComparison.Ordinal);
        Assert.Empty(peer.Messages);
    }

    [EhloKeyword("DELIVERBY")]
    [Fact]
    public async Task Tells_that_it_went_to_a_host_that_keeps_no_time_and_asks_that_host_to_tell_of_a_delay()
    {
        await using var peer = new SmtpPeer { Extensions = ["DSN"] };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await SendAsync(scene, new MailRequests { DeliverBy = In(scene, 100, returns: false) }, To("bob@there.test"), To("cy@there.test", Notify.Success), To("dee@there.test", Notify.Never));

        var report = await ReportAsync(scene);
        await scene.EmptyAsync();
        Assert.Equal(
            ["RCPT TO:<bob@there.test> NOTIFY=FAILURE,DELAY", "RCPT TO:<cy@there.test> NOTIFY=SUCCESS,DELAY", "RCPT TO:<dee@there.test> NOTIFY=NEVER"], Assert.Single(peer.Messages).Rcpts);
        Assert.Equal(2, report.Split("Action: relayed").Length - 1);
        Assert.DoesNotContain("dee@there.test", report, StringComparison.Ordinal);
    }

    [EhloKeyword("DELIVERBY")]
    [Theory]
    [InlineData(true, "Action: failed\r\nStatus: 5.4.7\r\n", 0)]
    [InlineData(false, "Action: delayed\r\nStatus: 4.4.7\r\n", 1)]
    public async Task Returns_it_or_tells_of_the_delay_when_the_time_is_over(bool returns, string told, int kept)
    {
        await using var peer = new SmtpPeer { Extensions = ["DELIVERBY"], OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.7.1 come back later" : null };
        var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        await SendAsync(scene, new MailRequests { DeliverBy = In(scene, 120, returns) }, To("bob@there.test"));
        await scene.SeeAsync(JourneyStep.Deferred);
        Assert.Empty(scene.Mda.Stored);

        // The first retry would be after five minutes; the deadline comes before.
        scene.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(1, scene.Count("Recipients", "Attempts = 1"));
        scene.Clock.Advance(TimeSpan.FromSeconds(1));

        var report = await ReportAsync(scene);
        Assert.Contains(told, report, StringComparison.Ordinal);
        await RelayScene.UntilAsync(() => scene.Count("Messages") == kept);
        Assert.Empty(peer.Messages);
        Assert.Equal(returns ? 1 : 2, peer.Commands.Count(command => command.StartsWith("MAIL", StringComparison.Ordinal)));
        await scene.DisposeAsync();
    }

    [EhloKeyword("FUTURERELEASE")]
    [Fact]
    public async Task Holds_a_message_for_everybody_until_its_time_has_come_even_over_a_restart()
    {
        await using var peer = new SmtpPeer();
        using var disk = new TempDirectory();
        await using (var first = await RelayScene.StartAsync(peer.EndPoint.Port, directory: disk))
        {
            first.Host("there.test");
            var until = first.Clock.GetUtcNow().AddDays(10);
            await SendAsync(first, new MailRequests { Hold = new FutureRelease(until, "for;864000") }, To("bob@there.test"), To("cy@here.test"));
            Assert.Contains($"held until {until:yyyy-MM-dd HH:mm:ss} UTC", (await first.SeeAsync(JourneyStep.Queued)).Summary, StringComparison.Ordinal);
            first.Clock.Advance(TimeSpan.FromDays(10) - TimeSpan.FromSeconds(1));
            await RelayScene.UntilAsync(() => first.Count("Recipients", "State = 0 AND Attempts = 0") == 2);
            Assert.Equal(0, peer.Connections);
            Assert.Empty(first.Mda.Stored);
            await first.StopAsync();

            await using var second = await RelayScene.StartAsync(peer.EndPoint.Port, directory: disk, clock: first.Clock, runQueue: false);
            second.Host("there.test");
            await second.RunQueueAsync();
            Assert.Empty(second.Mda.Stored);
            first.Clock.Advance(TimeSpan.FromSeconds(2));
            await second.EmptyAsync();
            Assert.Equal("cy@here.test", Assert.Single(second.Mda.Stored).Recipient);
            Assert.Single(peer.Messages);
        }
    }

    [EhloKeyword("FUTURERELEASE")]
    [Fact]
    public async Task Counts_the_lifetime_of_what_was_held_from_its_release_and_names_the_request_in_its_report()
    {
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.7.1 come back later" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        await SendAsync(scene, new MailRequests { Hold = new FutureRelease(scene.Clock.GetUtcNow().AddDays(10), "for;864000") }, To("bob@there.test", Notify.Failure));

        scene.Clock.Advance(TimeSpan.FromDays(10));
        await scene.SeeAsync(JourneyStep.Deferred);
        for (var day = 1; day <= 6 && !Reports(scene).Any(); day++)
        {
            Assert.Empty(scene.Mda.Stored);
            scene.Clock.Advance(TimeSpan.FromDays(1.1));
            var expected = day + 1;
            await RelayScene.UntilAsync(() => scene.Journeys.Events.Count(one => one.Step == JourneyStep.Deferred) >= expected || Reports(scene).Any());
        }

        var report = await ReportAsync(scene);
        Assert.Contains("\r\nFuture-Release-Request: for;864000\r\n", report, StringComparison.Ordinal);
        Assert.Contains("Status: 5.7.1", report, StringComparison.Ordinal);
        Assert.InRange(scene.Journeys.Events.Count(one => one.Step == JourneyStep.Deferred), 4, 6);
    }

    private static DeliverBy In(RelayScene scene, double seconds, bool returns, bool traces = false) => new(scene.Clock.GetUtcNow().AddSeconds(seconds), returns, traces);
}
