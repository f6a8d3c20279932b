using MailSuite.Mta.Envelope;
using MailSuite.Testing;
using static MailSuite.Mta.Tests.Queue.NotificationTests;

namespace MailSuite.Mta.Tests.Queue;

public sealed class PriorityOrderTests
{
    [EhloKeyword("MT-PRIORITY")]
    [Fact]
    public async Task Sends_the_more_urgent_first_and_passes_the_priority_on()
    {
        await using var peer = new SmtpPeer { Extensions = ["MT-PRIORITY"] };
        await using var scene = await RelayScene.StartAsync(
            peer.EndPoint.Port, options => options with { Relay = options.Relay with { MaxConcurrent = 1, MaxConcurrentPerDestination = 1 } }, runQueue: false);
        scene.Host("there.test");
        scene.Host("yonder.test");
        foreach (var (priority, domain) in new (int?, string)[] { (-4, "there.test"), (null, "there.test"), (3, "yonder.test"), (0, "yonder.test"), (9, "there.test") })
            await SendAsync(scene, new MailRequests { Priority = priority }, To($"p{priority}@{domain}"));

        await scene.RunQueueAsync();

        await scene.EmptyAsync();
        Assert.Equal(
            ["MAIL FROM:<ann@here.test> MT-PRIORITY=9", "MAIL FROM:<ann@here.test> MT-PRIORITY=3", "MAIL FROM:<ann@here.test>", "MAIL FROM:<ann@here.test> MT-PRIORITY=0", "MAIL FROM:<ann@here.test> MT-PRIORITY=-4"],
            peer.Messages.Select(message => message.Mail));
    }

    [Fact]
    public async Task Says_nothing_of_it_to_a_host_that_does_not_offer_it()
    {
        await using var peer = new SmtpPeer { Extensions = [] };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await SendAsync(scene, new MailRequests { Priority = 9, EnvelopeId = "x", Return = ReturnContent.Full, DeliverBy = new DeliverBy(scene.Clock.GetUtcNow().AddHours(-1), false, false) }, To("bob@there.test", Notify.Failure));

        await scene.EmptyAsync();
        Assert.Equal("MAIL FROM:<ann@here.test>", Assert.Single(peer.Messages).Mail);
        Assert.Equal(["RCPT TO:<bob@there.test>"], peer.Messages[0].Rcpts);
    }
}
