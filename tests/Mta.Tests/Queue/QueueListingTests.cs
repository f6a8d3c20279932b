using MailSuite.Mta.Queue;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>Filters, order and pages of the queue, and its counts.</summary>
public sealed class QueueListingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, QueueFilter, string> Filters => new()
    {
        { "everything", new QueueFilter(), "a b c d" },
        { "its id", new QueueFilter { Ids = ["B", "nothing"] }, "b" },
        { "an id of nothing", new QueueFilter { Ids = ["nothing"] }, "" },
        { "domain", new QueueFilter { Domain = "one.test" }, "a b" },
        { "domain in other letters", new QueueFilter { Domain = "BÜCHER.test" }, "d" },
        { "no part of a domain", new QueueFilter { Domain = "ne.test" }, "" },
        { "recipient", new QueueFilter { Recipient = "X@one.test" }, "a" },
        { "a sign that LIKE knows", new QueueFilter { Recipient = "_@one.test" }, "" },
        { "sender", new QueueFilter { Sender = "ann@here.test" }, "a c" },
        { "sender in brackets", new QueueFilter { Sender = "<bob@there.test>" }, "b" },
        { "sender's domain", new QueueFilter { Sender = "here.test" }, "a c" },
        { "no sender", new QueueFilter { Sender = "<>" }, "d" },
        { "held", new QueueFilter { States = [QueueState.Held] }, "c" },
        { "undeliverable or held", new QueueFilter { States = [QueueState.Undeliverable, QueueState.Held] }, "c d" },
        { "waiting", new QueueFilter { States = [QueueState.Waiting] }, "a b" },
        { "done", new QueueFilter { States = [QueueState.Delivered] }, "" },
        { "before", new QueueFilter { Before = DateTimeOffset.UnixEpoch + TimeSpan.FromHours(2) }, "a" },
        { "after", new QueueFilter { After = DateTimeOffset.UnixEpoch + TimeSpan.FromHours(3) }, "c d" },
        { "error", new QueueFilter { Error = "GREYLISTED" }, "b" },
        { "code", new QueueFilter { Error = "4.7.1" }, "b" },
        { "size", new QueueFilter { LargerThan = 299 }, "c d" },
        { "size at its limit", new QueueFilter { LargerThan = 300 }, "d" },
        { "next hop", new QueueFilter { NextHop = "relay.test" }, "a" },
        { "two of them", new QueueFilter { Domain = "one.test", Sender = "here.test" }, "a" },
    };

    [Theory, MemberData(nameof(Filters))]
    public async Task Finds_what_is_meant(string what, QueueFilter filter, string found)
    {
        await using var scene = await SpoolScene.OpenAsync();
        await FillAsync(scene);
        var queue = MailQueueTests.QueueOf(scene);
        foreach (var sort in new[] { QueueSort.Oldest, QueueSort.Newest })
        {
            var page = await queue.ListAsync(filter, new QueuePageRequest { Sort = sort }, Cancellation);
            Assert.Equal(found, string.Concat(string.Join(' ', page.Messages.Select(mail => mail.Id).Order(StringComparer.Ordinal)).ToLowerInvariant()));
        }

        Assert.Equal(found.Replace(" ", "", StringComparison.Ordinal).Length, (await queue.SummarizeAsync(filter, Cancellation)).Messages);
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task Shows_the_recipients_that_are_meant_and_counts_those_there_is_no_room_for()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(100, "a@one.test", "b@two.test", "c@one.test", "d@one.test"), Cancellation);
        var mail = Assert.Single((await MailQueueTests.QueueOf(scene).ListAsync(new QueueFilter { Domain = "one.test" }, new QueuePageRequest { MaxRecipients = 2 }, Cancellation)).Messages);
        Assert.Equal(["a@one.test", "c@one.test"], mail.Recipients.Select(recipient => recipient.Address));
        Assert.Equal(3, mail.RecipientCount);
    }

    [Theory]
    [InlineData(QueueSort.Oldest)]
    [InlineData(QueueSort.Newest)]
    [InlineData(QueueSort.NextAttempt)]
    public async Task Shows_every_message_once_while_others_go_and_come(QueueSort sort)
    {
        await using var scene = await SpoolScene.OpenAsync();
        for (var i = 0; i < 50; i++)
            await scene.Store.AcceptAsync(scene.Message(100, "a@one.test", "b@two.test", "c@one.test"), Cancellation);
        // Recipients of one message have their turn at different times.
        scene.Execute("UPDATE Recipients SET NextAttemptAt = NextAttemptAt + (Id * 7919) % 100");
        var queue = MailQueueTests.QueueOf(scene);
        var whole = (await queue.ListAsync(QueueFilter.Everything, new QueuePageRequest { Sort = sort }, Cancellation)).Messages.Select(mail => mail.Id).ToList();
        Assert.Equal(50, whole.Distinct().Count());

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await queue.ListAsync(QueueFilter.Everything, new QueuePageRequest(7, cursor) { Sort = sort }, Cancellation);
            Assert.True(page.Messages.Count <= 7);
            seen.AddRange(page.Messages.Select(mail => mail.Id));
            cursor = page.Next;
            // One that has been seen goes, and so does one that has not.
            scene.Execute($"DELETE FROM Messages WHERE QueueId IN ('{seen[^1]}', '{(seen.Count < 40 ? whole[44] : "")}')");
        }
        while (cursor is not null);
        Assert.Equal(whole.Where(id => id != whole[44]), seen);
    }

    [Theory]
    [InlineData(7, 7, 1)]
    [InlineData(8, 7, 2)]
    [InlineData(0, 7, 1)]
    public async Task Has_a_next_page_exactly_when_there_is_more(int messages, int limit, int pages)
    {
        await using var scene = await SpoolScene.OpenAsync();
        for (var i = 0; i < messages; i++)
            await scene.Store.AcceptAsync(scene.Message(), Cancellation);
        var queue = MailQueueTests.QueueOf(scene);
        var (count, cursor) = (0, (string?)null);
        do
        {
            cursor = (await queue.ListAsync(QueueFilter.Everything, new QueuePageRequest(limit, cursor), Cancellation)).Next;
            count++;
        }
        while (cursor is not null);
        Assert.Equal(pages, count);
    }

    [Fact]
    public async Task Counts_by_destination_and_age()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(100, "a@one.test", "b@two.test"), Cancellation);
        await scene.Store.AcceptAsync(scene.Message(200, "c@one.test"), Cancellation);
        var now = scene.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        scene.Execute($"UPDATE Messages SET AcceptedAt = {now} - CASE Octets WHEN 100 THEN 5 * 60000 ELSE 5 * 60000 - 1 END");
        scene.Execute("UPDATE Recipients SET State = 9, NextAttemptAt = NULL, LastAttemptAt = 5, Status = '4.4.1', Reason = 'No answer' WHERE Address = 'c@one.test'");
        scene.Execute("UPDATE Recipients SET LastAttemptAt = 4, RemoteReply = '450 older' WHERE Address = 'a@one.test'");

        var summary = await MailQueueTests.QueueOf(scene).SummarizeAsync(QueueFilter.Everything, Cancellation);
        Assert.Equal((2, 3, 300, false, 2), (summary.Messages, summary.Recipients, summary.Octets, summary.IsPartial, summary.DestinationCount));
        Assert.Equal(new QueueCounts(2, 1, 0, 0), summary.States);
        Assert.Equal([1, 2, 0, 0, 0, 0, 0, 0, 0, 0], summary.Ages);
        var one = summary.Destinations[0];
        Assert.Equal(("one.test", 2, 2, "4.4.1 No answer", false), (one.Destination, one.Messages, one.Recipients, one.LastError, one.IsRerouted));
        Assert.Equal([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], one.Ages);
        Assert.Equal(now, one.NextAttemptAt!.Value.ToUnixTimeMilliseconds());
        Assert.Equal(("two.test", 1), (summary.Destinations[1].Destination, summary.Destinations[1].Recipients));
        Assert.Null(summary.Destinations[1].LastError);
    }

    [Fact]
    public async Task What_is_older_than_the_last_limit_has_a_place_of_its_own()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(), Cancellation);
        var queue = MailQueueTests.QueueOf(scene);
        scene.Clock.Advance(TimeSpan.FromMinutes(1280) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, (await queue.SummarizeAsync(QueueFilter.Everything, Cancellation)).Ages[8]);
        scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, (await queue.SummarizeAsync(QueueFilter.Everything, Cancellation)).Ages[9]);
    }

    /// <summary>Four messages, an hour apart, that differ in all that a filter asks for.</summary>
    private static async Task FillAsync(SpoolScene scene)
    {
        var (one, two) = (ReversePath.Of(EnvelopeAddress.Parse("ann@here.test")), ReversePath.Of(EnvelopeAddress.Parse("bob@there.test")));
        await AddAsync(1, "A", one, "x@one.test", "y@two.test");
        await AddAsync(2, "B", two, "y@one.test");
        await AddAsync(3, "C", one, "z@two.test");
        await AddAsync(4, "D", ReversePath.Null, "ü@bücher.test");
        scene.Execute("UPDATE Recipients SET NextHop = 'relay.test' WHERE Address = 'x@one.test'");
        scene.Execute("UPDATE Recipients SET Status = '4.7.1', RemoteReply = '450 4.7.1 Greylisted' WHERE Address = 'y@one.test'");
        scene.Execute("UPDATE Recipients SET State = 9, NextAttemptAt = NULL WHERE Address = 'z@two.test'");
        scene.Execute("UPDATE Recipients SET State = 4, NextAttemptAt = NULL WHERE Address LIKE '%@xn--%'");
        scene.Execute("UPDATE Recipients SET State = 1, NextAttemptAt = NULL WHERE Address = 'y@two.test'");

        async Task AddAsync(int hour, string id, ReversePath from, params string[] to) => await scene.Store.AcceptAsync(
            scene.Message(hour * 100, to) with { Id = new QueueId(id), ReversePath = from, AcceptedAt = DateTimeOffset.UnixEpoch + TimeSpan.FromHours(hour) }, Cancellation);
    }
}
