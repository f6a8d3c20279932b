using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>What a person orders while an attempt is under way, with the queue running.</summary>
public sealed class OrderMeanwhileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_released_while_another_of_the_same_message_and_domain_is_under_way_gets_it_when_that_ends()
    {
        using var peer = new SlowPeer();
        await using var scene = await RelayScene.StartAsync(peer.Smtp.EndPoint.Port, runQueue: false);
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test", "carol@there.test"]);
        while (scene.Arrivals.TryTake(out var arrival))
            scene.Arrivals.Release(arrival.Message);
        await OrderAsync(scene, new QueueOrder(QueueAction.Hold, "ann"), "carol@there.test");
        await scene.RunQueueAsync();
        await peer.UnderWayAsync();

        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await OrderAsync(scene, new QueueOrder(QueueAction.Release, "ann"), "carol@there.test");
        await SeenAsync(scene);
        peer.Answer();

        await scene.EmptyAsync();
        Assert.Equal(["RCPT TO:<bob@there.test>", "RCPT TO:<carol@there.test>"], peer.Smtp.Messages.SelectMany(message => message.Rcpts));
    }

    [Fact]
    public async Task Who_is_rerouted_while_under_way_does_not_get_it_by_both_ways()
    {
        using var peer = new SlowPeer();
        await using var other = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.Smtp.EndPoint.Port);
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await peer.UnderWayAsync();

        await OrderAsync(scene, new QueueOrder(QueueAction.Reroute, "ann") { NextHop = $"[127.0.0.1]:{other.EndPoint.Port}" }, "bob@there.test");
        await SeenAsync(scene);
        Assert.Single(await scene.Relaying.LanesAsync(10));
        peer.Answer();

        await scene.EmptyAsync();
        Assert.Single(peer.Smtp.Messages);
        Assert.Empty(other.Messages);
    }

    private static async Task OrderAsync(RelayScene scene, QueueOrder order, string recipient) =>
        Assert.Equal(new QueueOrderOutcome.Done(1, 1), await scene.Queue.OrderAsync(order, new QueueFilter { Recipient = recipient }, null, Cancellation));

    /// <summary>The second answer comes from a turn after the one that took the order.</summary>
    private static async Task SeenAsync(RelayScene scene)
    {
        await scene.Relaying.LanesAsync(10);
        await scene.Relaying.LanesAsync(10);
    }

    /// <summary>A host that answers MAIL when it is told to.</summary>
    private sealed class SlowPeer : IDisposable
    {
        private readonly ManualResetEventSlim _asked = new();
        private readonly ManualResetEventSlim _answers = new();

        public SlowPeer() => Smtp = new SmtpPeer
        {
            OnCommand = line =>
            {
                if (line.StartsWith("MAIL", StringComparison.Ordinal))
                {
                    _asked.Set();
                    _answers.Wait(Cancellation);
                }

                return null;
            },
        };

        public SmtpPeer Smtp { get; }

        public Task UnderWayAsync() => RelayScene.UntilAsync(() => _asked.IsSet);

        public void Answer() => _answers.Set();

        public void Dispose()
        {
            _answers.Set();
            Smtp.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _asked.Dispose();
            _answers.Dispose();
        }
    }
}
