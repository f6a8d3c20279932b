using MailSuite.Mta.Queue;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>What people order, for a recipient in each of its states and while it is under way.</summary>
public sealed class QueueOrderTests
{
    private static readonly RecipientOutcome Taken = new(OutcomeKind.Delivered, StatusCodes.Ok, "Ok") { RemoteHost = "mx.there.test", RemoteReply = "250 2.0.0 taken" };

    private static readonly RecipientOutcome Busy = RecipientOutcome.Deferred(StatusCodes.MailboxBusy, "Busy");

    private static readonly RecipientOutcome Unknown = RecipientOutcome.Failed(StatusCodes.NoSuchMailbox, "Unknown");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Order, state before, state after: −1 for a message that is done.</summary>
    public static TheoryData<QueueAction, int, int> Table
    {
        get
        {
            var table = new TheoryData<QueueAction, int, int>();
            Add(QueueAction.Retry, (0, 0));
            Add(QueueAction.Hold, (0, 9));
            Add(QueueAction.Release, (9, 0));
            Add(QueueAction.Drop, (0, -1), (4, -1), (9, -1));
            Add(QueueAction.Return, (0, 2), (9, 2));
            Add(QueueAction.Reroute, (0, 0), (9, 9));
            return table;

            void Add(QueueAction action, params (int Before, int After)[] changes)
            {
                foreach (var state in Enum.GetValues<RecipientState>().Select(state => (int)state).Except([1, 3, 8, 10]))
                    table.Add(action, state, changes.Where(change => change.Before == state).Select(change => change.After).DefaultIfEmpty(-2).First());
            }
        }
    }

    [Theory, MemberData(nameof(Table))]
    public async Task Is_done_in_the_states_it_is_meant_for_and_in_no_other(QueueAction action, int before, int after)
    {
        await using var scene = await SpoolScene.OpenAsync();
        var message = scene.Message();
        await scene.Store.AcceptAsync(message, Cancellation);
        var later = (scene.Clock.GetUtcNow() + TimeSpan.FromHours(1)).ToUnixTimeMilliseconds();
        scene.Execute($"UPDATE Recipients SET State = {before}, NextAttemptAt = {(before == 0 ? later : "NULL")}");
        var order = new QueueOrder(action, "ann@here.test") { NextHop = action == QueueAction.Reroute ? "relay.test:2525" : null };

        var outcome = await MailQueueTests.QueueOf(scene).OrderAsync(order, new QueueFilter { Ids = [message.Id.Value] }, null, Cancellation);

        Assert.Equal(after == -2 ? new QueueOrderOutcome.Done(0, 0) : new QueueOrderOutcome.Done(1, 1), outcome);
        Assert.Equal(after == -1 ? [] : [after == -2 ? before : after], scene.Ask("SELECT State FROM Recipients").Select(state => int.Parse(state, System.Globalization.CultureInfo.InvariantCulture)));
        var told = scene.Journeys.Events.Where(one => one.Step == JourneyStep.Ordered).ToList();
        Assert.Equal(after == -2 ? 0 : 1, told.Count);
        Assert.All(told, one => Assert.Contains("ann@here.test", one.Summary, StringComparison.Ordinal));
        if (after == 0)
            Assert.Single(scene.Due());
        // Exactly what waits has a next attempt.
        Assert.Equal(["0"], scene.Ask("SELECT COUNT(*) FROM Recipients WHERE (State = 0) <> (NextAttemptAt IS NOT NULL)"));
        if (after == -1)
            Assert.Equal([$"10\tbob@there.test\t\t\t"], scene.Ask("SELECT Recipients FROM Retired"));
    }

    [Fact]
    public async Task A_retry_leaves_alone_what_its_sender_holds_and_a_release_waits_for_that_time()
    {
        await using var scene = await SpoolScene.OpenAsync();
        var until = scene.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        await scene.Store.AcceptAsync(scene.Message() with { Requests = new() { Hold = new(until, "FUTURERELEASE") } }, Cancellation);
        Assert.Equal(new QueueOrderOutcome.Done(0, 0), await OrderAsync(scene, QueueAction.Retry));
        await OrderAsync(scene, QueueAction.Hold);
        await OrderAsync(scene, QueueAction.Release);
        Assert.Empty(scene.Due());
        Assert.Equal([until.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture)], scene.Ask("SELECT NextAttemptAt FROM Recipients"));
    }

    [Fact]
    public async Task What_is_rerouted_is_a_lane_of_its_own_until_it_goes_the_usual_way_again()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(100, "a@one.test", "b@two.test", "c@one.test"), Cancellation);
        var queue = MailQueueTests.QueueOf(scene);
        await queue.OrderAsync(new QueueOrder(QueueAction.Reroute, "ann") { NextHop = "two.test" }, new QueueFilter { Domain = "one.test" }, null, Cancellation);
        var lane = Assert.Single(scene.Due(), entry => entry.Destination != "two.test");
        Assert.Equal([("a@one.test", "two.test"), ("c@one.test", "two.test")], scene.Load(lane).Recipients.Select(recipient => (recipient.Address.ToString(), recipient.NextHop!)));
        Assert.Equal(("two.test", true, 2), (await queue.SummarizeAsync(QueueFilter.Everything, Cancellation)).Destinations.Select(one => (one.Destination, one.IsRerouted, (int)one.Recipients)).First());
        Assert.Equal(2, Assert.Single((await queue.ListAsync(new QueueFilter { NextHop = "two.test" }, new QueuePageRequest(), Cancellation)).Messages).RecipientCount);

        await queue.OrderAsync(new QueueOrder(QueueAction.Reroute, "ann"), new QueueFilter { NextHop = "two.test" }, null, Cancellation);
        Assert.Equal(["one.test", "two.test"], scene.Due().Select(entry => entry.Destination).Order(StringComparer.Ordinal));
        Assert.Equal(["", "", ""], scene.Ask("SELECT NextHop FROM Recipients"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("[10.0.0.1")]
    [InlineData("host:x")]
    public async Task A_next_hop_that_is_none_is_refused(string hop)
    {
        await using var scene = await SpoolScene.OpenAsync();
        Assert.IsType<QueueOrderOutcome.Refused>(await MailQueueTests.QueueOf(scene).OrderAsync(new QueueOrder(QueueAction.Reroute, "ann") { NextHop = hop }, QueueFilter.Everything, null, Cancellation));
    }

    [Theory]
    [InlineData("host.test")]
    [InlineData("host.test:2525")]
    [InlineData("[10.0.0.1]:25")]
    [InlineData("relay_1")]
    public async Task A_next_hop_is_a_host_an_address_or_a_transport_of_the_settings(string hop)
    {
        var options = new MtaOptions
        {
            DataDirectory = "",
            HostName = Domain.Parse("mx.here.test"),
            Relay = new RelayOptions { Routing = new RoutingOptions { Transports = new Dictionary<string, TransportOptions>(StringComparer.OrdinalIgnoreCase) { ["relay_1"] = new("relay_1") } } },
        };
        await using var scene = await SpoolScene.OpenAsync(options);
        Assert.IsType<QueueOrderOutcome.Done>(await MailQueueTests.QueueOf(scene).OrderAsync(new QueueOrder(QueueAction.Reroute, "ann") { NextHop = hop }, QueueFilter.Everything, null, Cancellation));
    }

    [Fact]
    public async Task An_order_names_so_many_messages_at_most_and_somebody_who_gives_it()
    {
        await using var scene = await SpoolScene.OpenAsync();
        var queue = MailQueueTests.QueueOf(scene);
        Assert.IsType<QueueOrderOutcome.Done>(await queue.OrderAsync(new QueueOrder(QueueAction.Hold, "ann"), Ids(QueueFilter.MaxIds), null, Cancellation));
        Assert.IsType<QueueOrderOutcome.Refused>(await queue.OrderAsync(new QueueOrder(QueueAction.Hold, "ann"), Ids(QueueFilter.MaxIds + 1), null, Cancellation));
        Assert.IsType<QueueOrderOutcome.Refused>(await queue.OrderAsync(new QueueOrder(QueueAction.Hold, ""), QueueFilter.Everything, null, Cancellation));
        Assert.IsType<QueueOrderOutcome.Refused>(await queue.OrderAsync(new QueueOrder(QueueAction.Hold, "ann") { NextHop = "relay.test" }, QueueFilter.Everything, null, Cancellation));

        static QueueFilter Ids(int count) => new() { Ids = [.. Enumerable.Range(0, count).Select(i => $"{i}")] };
    }

    [Fact]
    public async Task A_message_given_back_with_a_null_reverse_path_is_kept_for_the_postmaster_and_one_that_wants_no_word_is_done()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message() with { ReversePath = ReversePath.Null }, Cancellation);
        var silent = new SpooledRecipient(new Envelope.EnvelopeRecipient(EnvelopeAddress.Parse("carol@there.test")) { Notify = Envelope.Notify.Never }, null);
        await scene.Store.AcceptAsync(scene.Message() with { Recipients = [silent] }, Cancellation);
        Assert.Equal(new QueueOrderOutcome.Done(2, 2), await OrderAsync(scene, QueueAction.Return));
        Assert.Equal(["4"], scene.Ask("SELECT State FROM Recipients"));
        Assert.StartsWith("8\tcarol@there.test\t5.0.0", Assert.Single(scene.Ask("SELECT Recipients FROM Retired")), StringComparison.Ordinal);
    }

    /// <summary>The attempt was under way when the order came.</summary>
    [Theory]
    [InlineData(QueueAction.Drop, "taken", "1")]
    [InlineData(QueueAction.Drop, "busy", "10")]
    [InlineData(QueueAction.Drop, "unknown", "10")]
    [InlineData(QueueAction.Hold, "taken", "1")]
    [InlineData(QueueAction.Hold, "busy", "9")]
    [InlineData(QueueAction.Hold, "unknown", "2")]
    [InlineData(QueueAction.Return, "taken", "1")]
    [InlineData(QueueAction.Return, "busy", "2")]
    [InlineData(QueueAction.Reroute, "busy", "0")]
    [InlineData(QueueAction.Retry, "busy", "0")]
    public async Task What_another_host_takes_meanwhile_is_delivered_and_all_else_is_as_it_was_ordered(QueueAction action, string result, string state)
    {
        foreach (var hasMore in new[] { true, false })
        {
            await using var scene = await SpoolScene.OpenAsync();
            // With another recipient the message is not done.
            await scene.Store.AcceptAsync(hasMore ? scene.Message(100, "bob@there.test", "carol@else.test") : scene.Message(), Cancellation);
            var attempt = scene.Load(scene.Due().Single(entry => entry.Destination == "there.test"));
            var order = new QueueOrder(action, "ann") { NextHop = action == QueueAction.Reroute ? "relay.test" : null };
            await MailQueueTests.QueueOf(scene).OrderAsync(order, new QueueFilter { Recipient = "bob@there.test" }, null, Cancellation);
            var outcome = result switch { "taken" => Taken, "busy" => Busy, _ => Unknown };
            var after = RecipientStates.After(outcome, attempt.ReversePath, Envelope.Notify.Unspecified);
            DateTimeOffset? next = after == RecipientState.Waiting ? scene.Clock.GetUtcNow() + TimeSpan.FromMinutes(5) : null;
            await scene.Store.SettleAsync(attempt, [new Settlement(attempt.Recipients[0].Key, after, outcome, next, true)]);

            var found = scene.Ask("SELECT State FROM Recipients WHERE Address = 'bob@there.test' UNION ALL SELECT substr(Recipients, 1, instr(Recipients, char(9)) - 1) FROM Retired");
            Assert.Equal([state], found);
            Assert.Equal(["0"], scene.Ask("SELECT COUNT(*) FROM Recipients WHERE (State = 0) <> (NextAttemptAt IS NOT NULL)"));
            if (!hasMore && state == "1")
                Assert.Equal(["1\tbob@there.test\t2.0.0\tmx.there.test\t250 2.0.0 taken"], scene.Ask("SELECT Recipients FROM Retired"));
        }
    }

    [Fact]
    public async Task A_long_order_is_written_a_thousand_recipients_at_a_time_and_after_a_crash_can_be_given_again()
    {
        await using var scene = await SpoolScene.OpenAsync();
        for (var i = 0; i < 3; i++)
            await scene.Store.AcceptAsync(scene.Message(100, [.. Enumerable.Range(0, 700).Select(n => $"r{n}@there.test")]), Cancellation);
        var steps = new List<QueueOrderProgress>();
        using var killed = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await MailQueueTests.QueueOf(scene).OrderAsync(
            new QueueOrder(QueueAction.Hold, "ann"), QueueFilter.Everything, new Steps(step =>
            {
                steps.Add(step);
                if (steps.Count == 2)
                    killed.Cancel();
            }), killed.Token));
        Assert.Equal([new QueueOrderProgress(2, 1000), new QueueOrderProgress(3, 2000)], steps);

        var next = await scene.RestartAsync();
        await using (next)
        {
            Assert.Equal(["2000"], next.Ask("SELECT COUNT(*) FROM Recipients WHERE State = 9"));
            Assert.Equal(new QueueOrderOutcome.Done(1, 100), await OrderAsync(next, QueueAction.Hold));
            Assert.Equal(new QueueOrderOutcome.Done(3, 2100), await OrderAsync(next, QueueAction.Release));
            Assert.Equal(3, next.Due().Count);
        }
    }

    [Fact]
    public async Task Mail_that_comes_meanwhile_is_not_meant()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(), Cancellation);
        var queue = MailQueueTests.QueueOf(scene);
        var outcome = await queue.OrderAsync(new QueueOrder(QueueAction.Hold, "ann"), QueueFilter.Everything, new Steps(_ => scene.Store.AcceptAsync(scene.Message(), CancellationToken.None).AsTask().Wait(Cancellation)), Cancellation);
        Assert.Equal(new QueueOrderOutcome.Done(1, 1), outcome);
        Assert.Single(scene.Due());
    }

    private static ValueTask<QueueOrderOutcome> OrderAsync(SpoolScene scene, QueueAction action) =>
        MailQueueTests.QueueOf(scene).OrderAsync(new QueueOrder(action, "ann"), QueueFilter.Everything, null, Cancellation);

    private sealed class Steps(Action<QueueOrderProgress> step) : IProgress<QueueOrderProgress>
    {
        public void Report(QueueOrderProgress value) => step(value);
    }
}
