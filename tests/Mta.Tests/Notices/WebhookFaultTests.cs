using MailSuite.Mta.Notices;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using static MailSuite.Mta.Tests.Notices.WebhookTests;

namespace MailSuite.Mta.Tests.Notices;

/// <summary>Receivers that fail, and a program that dies: notices come at least once, and mail never waits for them.</summary>
public sealed class WebhookFaultTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(429)]
    public async Task Posts_again_with_the_same_id_what_was_not_taken(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (number, _) => number <= 2 ? status : 200;
        receiver.Header = ("Location", "/elsewhere");
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target()]);

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await OneAsync(receiver);
        await RelayScene.UntilAsync(() => scene.Count("Notices", $"Attempts = 1 AND LastError LIKE 'HTTP {status}%'") == 1);
        await AdvanceUntilAsync(scene, () => receiver.Taken.Count == 1, Step);

        Assert.Equal(3, receiver.Posts.Count);
        Assert.Single(receiver.Posts.Select(post => post.Id).Distinct(StringComparer.Ordinal));
        Assert.All(receiver.Posts, post => Assert.True(post.IsSigned && post.Path.StartsWith("/events", StringComparison.Ordinal)));
        Assert.True(receiver.Posts[2].At > receiver.Posts[0].At);
        await RelayScene.UntilAsync(() => scene.Count("Notices") == 0);
    }

    [Fact]
    public async Task Waits_as_long_as_the_receiver_asks_for()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (number, _) => number == 1 ? 503 : 200;
        receiver.Header = ("Retry-After", "600");
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target()]);
        var began = scene.Clock.GetUtcNow();

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await AdvanceUntilAsync(scene, () => receiver.Taken.Count == 1, TimeSpan.FromSeconds(30));

        Assert.True(scene.Clock.GetUtcNow() - began >= TimeSpan.FromSeconds(600));
        Assert.Equal(2, receiver.Posts.Count);
    }

    [Fact]
    public async Task Gives_up_waiting_for_an_answer()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (number, _) => number == 1 ? -1 : 200;
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target(timeout: TimeSpan.FromSeconds(20))]);

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await OneAsync(receiver);
        await scene.EmptyAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal(0, scene.Count("Notices", "Attempts > 0"));
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        await RelayScene.UntilAsync(() => scene.Count("Notices", "LastError = 'No answer within 20 s.'") == 1);
        await AdvanceUntilAsync(scene, () => receiver.Taken.Count == 1, Step);
        Assert.Equal(receiver.Posts[0].Id, receiver.Posts[1].Id);
    }

    [Fact]
    public async Task A_receiver_that_nobody_answers_for_delays_neither_mail_nor_another_one()
    {
        await using var dead = await WebhookReceiver.StartAsync();
        dead.Answer = (_, _) => -1;
        await using var alive = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [dead.Target("dead"), alive.Target("alive")]);

        for (var i = 0; i < 20; i++)
            await scene.SendAsync("ann@here.test", [$"bob{i}@there.test"]);
        await scene.EmptyAsync();
        await RelayScene.UntilAsync(() => alive.Taken.Count == 20);

        Assert.Single(dead.Posts);
        Assert.Equal(20, peer.Messages.Count);
        await RelayScene.UntilAsync(() => scene.Count("Notices") == 20);
    }

    [Fact]
    public async Task Keeps_the_order_when_a_receiver_fails_for_a_while()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (number, _) => number is 3 or 4 or 5 ? 502 : 200;
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target()]);

        for (var i = 0; i < 10; i++)
        {
            await scene.SendAsync("ann@here.test", [$"bob{i}@there.test"]);
            await scene.EmptyAsync();
        }

        await AdvanceUntilAsync(scene, () => receiver.Taken.Count == 10, Step);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"bob{i}@there.test"), receiver.Taken.Select(post => post.Json.GetProperty("recipient").GetString()));
    }

    [Fact]
    public async Task Lets_the_others_pass_one_that_is_never_taken()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (_, post) => post.Json.GetProperty("recipient").GetString() == "poison@there.test" ? 500 : 200;
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target(lifetime: TimeSpan.FromHours(6))]);

        await scene.SendAsync("ann@here.test", ["poison@there.test"]);
        await scene.EmptyAsync();
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.EmptyAsync();
        await AdvanceUntilAsync(scene, () => receiver.Taken.Count == 1, Step);

        Assert.Equal(NoticeOutbox.PatientAttempts, receiver.Posts.TakeWhile(post => post.Status == 500).Count());
        await scene.SendAsync("ann@here.test", ["eve@there.test"]);
        await RelayScene.UntilAsync(() => receiver.Taken.Count == 2);
        Assert.Null(scene.Webhooks.List()[0].PausedUntil);

        // In the end its time is over.
        await AdvanceUntilAsync(scene, () => scene.Count("Notices") == 0, TimeSpan.FromMinutes(20), always: true);
        await RelayScene.UntilAsync(() => scene.Webhooks.List()[0].Lost == 1);
    }

    [Fact]
    public async Task Posts_nothing_more_to_who_is_gone_until_the_next_start()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (number, _) => number == 1 ? 410 : 200;
        await using var peer = new SmtpPeer();
        using var disk = new TempDirectory();
        await using (var scene = await StartAsync(peer, [receiver.Target()], disk: disk))
        {
            await scene.SendAsync("ann@here.test", ["bob@there.test"]);
            await RelayScene.UntilAsync(() => scene.Webhooks.List()[0].IsGone);
            await scene.SendAsync("ann@here.test", ["eve@there.test"]);
            await scene.EmptyAsync();
            scene.Clock.Advance(TimeSpan.FromHours(1));
            Assert.Single(receiver.Posts);
            Assert.Equal(1, scene.Count("Notices"));
        }

        await using var next = await StartAsync(peer, [receiver.Target()], disk: disk);
        await RelayScene.UntilAsync(() => receiver.Taken.Count == 1);
        Assert.Equal(receiver.Posts[0].Id, receiver.Posts[1].Id);
    }

    [Fact]
    public async Task Posts_after_a_crash_what_was_committed_and_not_posted()
    {
        using var disk = new TempDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer();
        string? id;
        // The queue runs and the notices do not: the instant after the commit, however long it takes.
        await using (var first = await StartAsync(peer, [receiver.Target()], runQueue: false))
        {
            await first.RunQueueAsync(without: typeof(NoticeDelivery));
            await first.SendAsync("ann@here.test", ["bob@there.test"]);
            await first.EmptyAsync();
            CrashCopy.Make(first.DataDirectory, disk.Path);
            Assert.Empty(receiver.Posts);
        }

        receiver.Answer = (number, _) => number == 1 ? -1 : 200;
        using var again = new TempDirectory();
        await using (var second = await StartAsync(peer, [receiver.Target()], disk: disk))
        {
            id = (await OneAsync(receiver)).Id;
            // And killed once more while its answer was waited for.
            CrashCopy.Make(second.DataDirectory, again.Path);
        }

        await using var third = await StartAsync(peer, [receiver.Target()], disk: again);
        await RelayScene.UntilAsync(() => receiver.Taken.Count == 1);
        Assert.Equal(id, receiver.Taken[0].Id);
        await RelayScene.UntilAsync(() => third.Count("Notices") == 0);
        Assert.Single(peer.Messages);
    }

    [Fact]
    public async Task Posts_again_after_a_crash_what_was_taken_and_not_deleted()
    {
        using var disk = new TempDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer();
        RelayScene? scene = null;
        receiver.Answer = (number, _) =>
        {
            if (number == 1)
                CrashCopy.Make(scene!.DataDirectory, disk.Path);
            return 200;
        };
        await using (scene = await StartAsync(peer, [receiver.Target()]))
        {
            await scene.SendAsync("ann@here.test", ["bob@there.test"]);
            await OneAsync(receiver);
            await RelayScene.UntilAsync(() => scene.Count("Notices") == 0);
        }

        await using var second = await StartAsync(peer, [receiver.Target()], disk: disk);
        await RelayScene.UntilAsync(() => receiver.Posts.Count == 2);
        Assert.Equal(receiver.Posts[0].Id, receiver.Posts[1].Id);
        Assert.Equal(receiver.Posts[0].Body, receiver.Posts[1].Body);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    [InlineData(7, 2)]
    public async Task Keeps_so_many_at_most_and_counts_what_is_lost(int messages, int lost)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target(maxBacklog: 5)], runQueue: false);
        await scene.RunQueueAsync(without: typeof(NoticeDelivery));

        for (var i = 0; i < messages; i++)
        {
            await scene.SendAsync("ann@here.test", [$"bob{i}@there.test"]);
            await scene.EmptyAsync();
        }

        var state = Assert.Single(scene.Webhooks.List());
        Assert.Equal((Math.Min(messages, 5), (long)lost), (state.Waiting, state.Lost));
        Assert.Equal(Math.Min(messages, 5), scene.Count("Notices"));
        Assert.Equal(messages, peer.Messages.Count);

        // The oldest are kept, and when they have gone there is room again.
        await scene.RunQueueAsync(only: typeof(NoticeDelivery));
        await RelayScene.UntilAsync(() => scene.Webhooks.List()[0].Waiting == 0);
        await scene.SendAsync("ann@here.test", ["late@there.test"]);
        await RelayScene.UntilAsync(() => receiver.Taken.Count == Math.Min(messages, 5) + 1);
        Assert.Equal("bob0@there.test", receiver.Posts[0].Json.GetProperty("recipient").GetString());
    }

    [Fact]
    public async Task Deletes_what_waits_for_a_receiver_that_the_settings_no_longer_have()
    {
        using var disk = new TempDirectory();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (_, _) => 500;
        await using var peer = new SmtpPeer();
        await using (var scene = await StartAsync(peer, [receiver.Target("old")], disk: disk))
        {
            await scene.SendAsync("ann@here.test", ["bob@there.test"]);
            await RelayScene.UntilAsync(() => scene.Count("Notices", "Attempts = 1") == 1);
        }

        await using var next = await StartAsync(peer, [receiver.Target("new")], disk: disk);
        await RelayScene.UntilAsync(() => next.Count("Notices") == 0);
        Assert.Single(receiver.Posts);
    }

    [Fact]
    public async Task A_person_sees_how_it_goes_and_no_secret()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (number, _) => number == 1 ? 500 : 200;
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target(events: DeliveryEvent.Delivered)]);

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await RelayScene.UntilAsync(() => scene.Webhooks.List()[0].PausedUntil is not null);
        var ill = scene.Webhooks.List()[0];
        Assert.Equal(("app", "HTTP 500: answer 500", 1), (ill.Name, ill.LastError, ill.Waiting));
        Assert.DoesNotContain("secret", ill.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", receiver.Target().ToString(), StringComparison.Ordinal);

        await AdvanceUntilAsync(scene, () => scene.Webhooks.List()[0].Posted == 1, Step);
        var well = scene.Webhooks.List()[0];
        Assert.Null(well.PausedUntil);
        Assert.NotNull(well.LastPostedAt);
    }

    [Fact]
    public async Task A_person_can_try_a_receiver_whatever_waits_for_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target()]);

        var answer = await scene.Webhooks.TryAsync("APP", TestContext.Current.CancellationToken);

        Assert.Equal((204, true), (answer!.Status, answer.IsTaken));
        Assert.Equal("test", receiver.Posts[0].Event);
        Assert.True(receiver.Posts[0].IsSigned);
        Assert.Null(await scene.Webhooks.TryAsync("nobody", TestContext.Current.CancellationToken));
        receiver.Answer = (_, _) => 401;
        Assert.Equal(new WebhookAnswer(401, "answer 401", null), await scene.Webhooks.TryAsync("app", TestContext.Current.CancellationToken));
    }
}
