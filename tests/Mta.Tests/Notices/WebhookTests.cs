using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Notices;

/// <summary>Programs of others are told over HTTP what becomes of mail.</summary>
public sealed class WebhookTests
{
    [Fact]
    public async Task Tells_that_a_message_was_delivered_in_the_transaction_that_settles_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target()]);

        var message = await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        var post = await OneAsync(receiver);
        Assert.Equal(("POST", "/events?token=secret-path", "application/json"), (post.Method, post.Path, post.ContentType));
        var json = post.Json;
        Assert.Equal(
            ["event", "id", "at", "queueId", "journey", "messageId", "sender", "recipient", "status", "reason", "host", "reply", "attempts", "nextAttemptAt"],
            json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("delivered", json.GetProperty("event").GetString());
        Assert.Equal(post.Id, json.GetProperty("id").GetString());
        Assert.Equal(scene.Clock.GetUtcNow(), json.GetProperty("at").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        Assert.Equal(message.Id.Value, json.GetProperty("queueId").GetString());
        Assert.Equal(message.Journey.Value, json.GetProperty("journey").GetGuid());
        Assert.Equal("1@there", json.GetProperty("messageId").GetString());
        Assert.Equal("ann@here.test", json.GetProperty("sender").GetString());
        Assert.Equal("bob@there.test", json.GetProperty("recipient").GetString());
        Assert.Equal("mx127-0-0-1.there.test", json.GetProperty("host").GetString());
        Assert.Equal("250 2.0.0 taken", json.GetProperty("reply").GetString());
        Assert.Equal(1, json.GetProperty("attempts").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("nextAttemptAt").ValueKind);
        await RelayScene.UntilAsync(() => scene.Count("Notices") == 0);
    }

    [Fact]
    public async Task Signs_as_Standard_Webhooks_has_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target()]);

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        var post = await OneAsync(receiver);
        Assert.True(post.IsSigned);
        Assert.StartsWith("msg_", post.Id, StringComparison.Ordinal);
        Assert.Equal(scene.Clock.GetUtcNow(), post.At, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Tells_of_deferral_and_then_of_delivery_in_this_order()
    {
        var busy = true;
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer { OnCommand = line => busy && line.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.7.1 come back later" : null };
        await using var scene = await StartAsync(peer, [receiver.Target()]);

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        var deferred = (await OneAsync(receiver)).Json;
        Assert.Equal("deferred", deferred.GetProperty("event").GetString());
        Assert.Equal("4.7.1", deferred.GetProperty("status").GetString());
        Assert.Equal("451 4.7.1 come back later", deferred.GetProperty("reply").GetString());
        Assert.Equal(1, deferred.GetProperty("attempts").GetInt32());
        Assert.InRange(deferred.GetProperty("nextAttemptAt").GetDateTimeOffset() - scene.Clock.GetUtcNow(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(7));

        busy = false;
        // Before its answer is read, time that passes would be its time-out.
        await RelayScene.UntilAsync(() => scene.Webhooks.List()[0].Posted == 1);
        scene.Clock.Advance(TimeSpan.FromMinutes(7));
        await RelayScene.UntilAsync(() => receiver.Posts.Count == 2);
        Assert.Equal("delivered", receiver.Posts[1].Event);
        Assert.Equal(2, receiver.Posts[1].Json.GetProperty("attempts").GetInt32());
        Assert.NotEqual(receiver.Posts[0].Id, receiver.Posts[1].Id);
    }

    [Fact]
    public async Task Tells_of_each_recipient_by_itself_that_is_refused()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT TO:<bob", StringComparison.Ordinal) ? "550 5.1.1 There is nobody of that name" : null };
        await using var scene = await StartAsync(peer, [receiver.Target()]);

        await scene.SendAsync("ann@here.test", ["bob@there.test", "eve@there.test"]);

        await RelayScene.UntilAsync(() => receiver.Posts.Count(post => post.Json.GetProperty("recipient").GetString()!.EndsWith("@there.test", StringComparison.Ordinal)) == 2);
        var bounced = Assert.Single(receiver.Posts, post => post.Event == "bounced").Json;
        Assert.Equal("bob@there.test", bounced.GetProperty("recipient").GetString());
        Assert.Equal("550 5.1.1 There is nobody of that name", bounced.GetProperty("reply").GetString());
        Assert.Contains(receiver.Posts, post => post.Event == "delivered" && post.Json.GetProperty("recipient").GetString() == "eve@there.test");
    }

    [Fact]
    public async Task Tells_that_the_time_of_a_message_is_over()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.7.1 come back later" : null };
        await using var scene = await StartAsync(peer, [receiver.Target(events: DeliveryEvent.Expired)], TimeSpan.FromMinutes(20));

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.SeeAsync(MailSuite.Shared.Journey.JourneyStep.Deferred);
        scene.Clock.Advance(TimeSpan.FromMinutes(25));
        await OneAsync(receiver);

        var expired = receiver.Posts[0].Json;
        Assert.Equal("expired", expired.GetProperty("event").GetString());
        Assert.Equal("5.7.1", expired.GetProperty("status").GetString());
        Assert.Equal("451 4.7.1 come back later", expired.GetProperty("reply").GetString());
    }

    [Fact]
    public async Task Tells_of_a_recipient_that_had_failed_when_its_message_came()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, [receiver.Target()], runQueue: false);

        var message = await scene.SendAsync("ann@here.test", ["gone@here.test"], failure: new RecipientFailure(StatusCodes.MailboxFull, "The mailbox is full."));
        await scene.Spool.AcceptAsync(message, TestContext.Current.CancellationToken);
        await scene.RunQueueAsync();

        var post = await OneAsync(receiver);
        Assert.Equal(("bounced", "5.2.2", "The mailbox is full."), (post.Event, post.Json.GetProperty("status").GetString(), post.Json.GetProperty("reason").GetString()));
        Assert.Single(receiver.Posts, one => one.Event == "bounced");
    }

    [Theory]
    [InlineData(QueueAction.Drop, "dropped")]
    [InlineData(QueueAction.Return, "bounced")]
    public async Task Tells_what_a_person_has_given_up(QueueAction action, string what)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.7.1 come back later" : null };
        await using var scene = await StartAsync(peer, [receiver.Target(events: [DeliveryEvent.Dropped, DeliveryEvent.Bounced])]);
        var message = await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.SeeAsync(MailSuite.Shared.Journey.JourneyStep.Deferred);

        await scene.Queue.OrderAsync(new QueueOrder(action, "ann"), new QueueFilter(), null, TestContext.Current.CancellationToken);

        var post = await OneAsync(receiver);
        Assert.Equal((what, message.Id.Value, "ann@here.test", "bob@there.test"), (
            post.Event, post.Json.GetProperty("queueId").GetString(), post.Json.GetProperty("sender").GetString(), post.Json.GetProperty("recipient").GetString()));
        Assert.Equal("The administrator of this host has given it up.", post.Json.GetProperty("reason").GetString());
        Assert.Single(receiver.Posts);
    }

    [Fact]
    public async Task Tells_only_what_a_target_wants_to_hear()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT TO:<bad", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        var bySender = Filtered(receiver.Target("by-sender"), senders: ["here.test"]);
        var byRecipient = Filtered(receiver.Target("by-recipient"), recipients: ["other.test"]);
        var byEvent = receiver.Target("by-event", events: DeliveryEvent.Bounced);
        await using var scene = await StartAsync(peer, [bySender, byRecipient, byEvent], runQueue: false);
        scene.Host("other.test");

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.SendAsync("ann@elsewhere.test", ["bob@other.test"]);
        await scene.SendAsync("", ["bob@there.test"]);
        await scene.SendAsync("ann@here.test", ["bad@there.test"]);
        await scene.RunQueueAsync();
        await RelayScene.UntilAsync(() => receiver.Posts.Count == 4);
        await RelayScene.UntilAsync(() => scene.Count("Notices") == 0);

        Assert.Equal(
            ["bad@there.test", "bad@there.test", "bob@other.test", "bob@there.test"], receiver.Posts.Select(post => post.Json.GetProperty("recipient").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_webhooks_nothing_is_written()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await StartAsync(peer, []);

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.EmptyAsync();

        Assert.Equal(0, scene.Count("sqlite_sequence", "name = 'Notices'"));
    }

    [Fact]
    public void Numbers_on_disk_keep_their_meaning() =>
        Assert.Equal(["Delivered = 0", "Deferred = 1", "Bounced = 2", "Expired = 3", "Dropped = 4"], Enum.GetValues<DeliveryEvent>().Select(what => $"{what} = {(int)what}"));

    internal static async Task<WebhookReceiver.Post> OneAsync(WebhookReceiver receiver)
    {
        await RelayScene.UntilAsync(() => receiver.Posts.Count > 0);
        return receiver.Posts[0];
    }

    /// <summary>Lets time pass in steps until something has happened; only while a receiver is left alone, or a post would have its time-out.</summary>
    internal static Task AdvanceUntilAsync(RelayScene scene, Func<bool> condition, TimeSpan step, bool always = false) => RelayScene.UntilAsync(() =>
    {
        if (condition())
            return true;
        if (always || scene.Webhooks.List().Any(hook => hook.PausedUntil is not null))
            scene.Clock.Advance(step);
        return false;
    });

    internal static async Task<RelayScene> StartAsync(
        SmtpPeer peer, IReadOnlyList<WebhookTarget> targets, TimeSpan? lifetime = null, bool runQueue = true, TempDirectory? disk = null, RelayScene? after = null)
    {
        var scene = await RelayScene.StartAsync(
            peer.EndPoint.Port,
            options => options with { Webhooks = targets, Relay = options.Relay with { Lifetime = lifetime ?? options.Relay.Lifetime } }, runQueue: false, directory: disk, clock: after?.Clock);
        scene.Host("there.test");
        if (runQueue)
            await scene.RunQueueAsync();
        return scene;
    }

    private static WebhookTarget Filtered(WebhookTarget target, string[]? senders = null, string[]? recipients = null) => target with
    {
        SenderDomains = (senders ?? []).Select(Domain.Parse).ToHashSet(),
        RecipientDomains = (recipients ?? []).Select(Domain.Parse).ToHashSet(),
    };
}
