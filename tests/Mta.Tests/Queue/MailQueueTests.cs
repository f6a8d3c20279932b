using MailSuite.Mta.Queue;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using MailSuite.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>The queue as pages and commands show it.</summary>
public sealed class MailQueueTests
{
    private static readonly RecipientOutcome NoAnswer = RecipientOutcome.Deferred(StatusCodes.NoAnswerFromHost, "No answer");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shows_what_is_left_to_do_and_why()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(100, "bob@example.net", "carol@example.net"), Cancellation);
        await scene.Store.AcceptAsync(scene.Message(200, "dave@example.com"), Cancellation);
        var queue = QueueOf(scene);
        Assert.Equal([("bob@example.net", 0, null), ("carol@example.net", 0, null)], (await ListAsync(queue))[0].Recipients.Select(r => (r.Address, r.Attempts, r.Reason)));

        // Bob has it, Carol waits.
        var message = scene.Load(scene.Due().Single(entry => entry.Destination == "example.net"));
        var later = scene.Clock.GetUtcNow() + TimeSpan.FromMinutes(5);
        await scene.Store.SettleAsync(message,
        [
            new Settlement(message.Recipients[0].Key, RecipientState.Delivered, new RecipientOutcome(OutcomeKind.Delivered, StatusCodes.Ok, "Ok"), null, true),
            new Settlement(message.Recipients[1].Key, RecipientState.Waiting, NoAnswer, later, true),
        ]);
        var list = await ListAsync(queue);
        Assert.Equal(2, list.Count);
        Assert.Equal((message.Id.Value, 100, message.Journey.ToString(), "<ann@here.test>"), (list[0].Id, list[0].Octets, list[0].Journey, list[0].ReversePath));
        var carol = Assert.Single(list[0].Recipients);
        Assert.Equal(("carol@example.net", 1, "No answer", "4.4.1", QueueState.Waiting), (carol.Address, carol.Attempts, carol.Reason, carol.Status, carol.State));
        Assert.Equal(later.ToUnixTimeMilliseconds(), carol.NextAttemptAt!.Value.ToUnixTimeMilliseconds());
        Assert.Equal(list.Select(mail => mail.Id), SpoolLook.At(scene.Options.DataDirectory).Select(mail => mail.Id));

        var shown = (await queue.FindAsync(message.Id.Value, Cancellation))!;
        Assert.Equal([("bob@example.net", QueueState.Delivered), ("carol@example.net", QueueState.Waiting)], shown.Mail.Recipients.Select(r => (r.Address, r.State)));
        Assert.Equal("Subject: x\r\n", shown.Header);
        await using var octets = (await queue.OpenAsync(message.Id.Value, Cancellation))!;
        Assert.Equal(100, octets.Length);
    }

    [Fact]
    public async Task Tells_what_became_of_a_message_that_is_done()
    {
        await using var scene = await SpoolScene.OpenAsync();
        var sent = scene.Message(100, "bob@example.net");
        await scene.Store.AcceptAsync(sent, Cancellation);
        var message = scene.Load(scene.Due().Single());
        await scene.Store.SettleAsync(message,
            [new Settlement(message.Recipients[0].Key, RecipientState.Delivered, new RecipientOutcome(OutcomeKind.Delivered, StatusCodes.Ok, "Ok") { RemoteHost = "mx.example.net", RemoteReply = "250-2.0.0 fine\n250 ok" }, null, true)]);
        var queue = QueueOf(scene);
        Assert.Empty(await ListAsync(queue));
        var shown = (await queue.FindAsync(sent.Id.Value, Cancellation))!;
        Assert.Equal((scene.Clock.GetUtcNow().ToUnixTimeMilliseconds(), null, sent.Journey.ToString()), (shown.FinishedAt!.Value.ToUnixTimeMilliseconds(), shown.Header, shown.Mail.Journey));
        Assert.Null(await queue.OpenAsync(sent.Id.Value, Cancellation));
        Assert.Null(await queue.FindAsync("0000000000000000", Cancellation));

        foreach (var filter in new RetiredFilter[] { new(), new() { Id = sent.Id.Value }, new() { Sender = "ANN@here.test" }, new() { Sender = "here.test" }, new() { Recipient = "bob@example.net" }, new() { Recipient = "example.net" }, new() { After = scene.Clock.GetUtcNow() - TimeSpan.FromSeconds(1) } })
        {
            var found = Assert.Single((await queue.ListRetiredAsync(filter, new RetiredPageRequest(), Cancellation)).Messages);
            Assert.Equal(new RetiredRecipient("bob@example.net", QueueState.Delivered, "2.0.0", "mx.example.net", "250-2.0.0 fine 250 ok"), Assert.Single(found.Recipients));
        }

        foreach (var filter in new RetiredFilter[] { new() { Id = "x" }, new() { Sender = "<>" }, new() { Recipient = "ob@example.net" }, new() { Recipient = "ample.net" }, new() { Before = scene.Clock.GetUtcNow() - TimeSpan.FromSeconds(1) } })
            Assert.Empty((await queue.ListRetiredAsync(filter, new RetiredPageRequest(), Cancellation)).Messages);
    }

    [Fact]
    public async Task A_count_says_until_when_a_dead_host_is_left_alone()
    {
        var closed = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        closed.Start();
        var port = ((System.Net.IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        await using var scene = await RelayScene.StartAsync(port);
        scene.Host("dead.test");
        for (var i = 0; i < 10; i++)
            await scene.SendAsync("ann@else.test", ["bob@dead.test"]);
        DestinationSummary? dead = null;
        var filter = new QueueFilter { Domain = "dead.test" };
        await RelayScene.UntilAsync(
            () => (dead = scene.Queue.SummarizeAsync(filter, Cancellation).AsTask().Result.Destinations.SingleOrDefault())?.DeadUntil is not null, () => $"{dead} is not dead.");
        Assert.True(dead!.DeadUntil > scene.Clock.GetUtcNow());
        Assert.NotNull(dead.LastError);
    }

    [Fact]
    public void A_spool_that_was_never_made_is_empty()
    {
        using var directory = new TempDirectory();
        Assert.Empty(SpoolLook.At(directory.Path));
        Assert.Empty(SpoolLook.At(directory.File("nothing")));
    }

    [Fact]
    public void A_file_that_is_no_spool_cannot_be_read()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("mta.db"), "this is no database at all");
        Assert.Throws<IOException>(() => SpoolLook.At(directory.Path));
    }

    internal static MailQueue QueueOf(SpoolScene scene) =>
        new(scene.Options, scene.Store, new RouteTable(scene.Options.Relay), new DestinationBreakers(scene.Options.Relay, scene.Clock), new HeldDomains(scene.Options, scene.Clock), scene.Journeys, scene.Clock, NullLogger<MailQueue>.Instance);

    private static async Task<IReadOnlyList<QueuedMail>> ListAsync(MailQueue queue) =>
        (await queue.ListAsync(QueueFilter.Everything, new QueuePageRequest(), Cancellation)).Messages;
}
