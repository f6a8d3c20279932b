using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>Much mail for a destination that nobody answers for.</summary>
public sealed class DeadDestinationTests
{
    private const int Messages = 300;

    [Fact]
    public async Task Is_left_alone_as_a_whole_and_its_senders_are_told_in_time()
    {
        int port;
        await using (var gone = new SmtpPeer())
            port = gone.EndPoint.Port;
        await using var scene = await RelayScene.StartAsync(port, runQueue: false);
        scene.Host("dead.test");
        for (var i = 0; i < Messages; i++)
            await scene.SendAsync("ann@here.test", ["bob@dead.test"]);

        // All of it comes due at once.
        await scene.RunQueueAsync();
        await RelayScene.UntilAsync(() => scene.Journeys.Events.Count(one => one.Step == JourneyStep.Deferred) >= 5);
        Assert.Equal(scene.Clock.GetUtcNow().AddMinutes(1), Assert.Single(await scene.Relaying.LanesAsync(10)).DeadUntil);
        var tried = scene.Count("Recipients", "Attempts > 0");
        Assert.InRange(tried, 5, 30);

        // The senders hear of the delay after 4 hours, though their messages were not tried.
        scene.Clock.Advance(TimeSpan.FromHours(4));
        await RelayScene.UntilAsync(() => scene.Count("Recipients", "Address = 'bob@dead.test' AND Warned = 1") == Messages, () => $"{scene.Count("Recipients", "Warned = 1")} are warned of");
        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count == Messages);
        Assert.InRange(scene.Count("Recipients", "Attempts > 0"), tried, tried + 30);

        // And of the end after 5 days.
        scene.Clock.Advance(TimeSpan.FromDays(5));
        await scene.EmptyAsync();
        Assert.Equal(2 * Messages, scene.Mda.Stored.Count);
    }

    [Fact]
    public async Task Delays_nobody_else_and_is_tried_with_one_until_it_answers()
    {
        await using var quick = new SmtpPeer(System.Net.IPAddress.Parse("127.0.0.2"));
        await using var scene = await RelayScene.StartAsync(quick.EndPoint.Port);
        scene.Host("dead.test");
        scene.Host("quick.test", "127.0.0.2");
        for (var i = 0; i < 50; i++)
            await scene.SendAsync("ann@here.test", ["bob@dead.test"]);
        await scene.SendAsync("ann@here.test", ["bob@quick.test"]);
        await RelayScene.UntilAsync(() => quick.Messages.Count == 1);
        await RelayScene.UntilAsync(() => scene.Journeys.Events.Count(one => one.Step == JourneyStep.Deferred) >= 5);

        await using var back = new SmtpPeer(port: quick.EndPoint.Port);
        await RelayScene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromMinutes(1));
            return scene.Count("Messages") == 0;
        });
        Assert.Equal(50, back.Messages.Count);
    }
}
