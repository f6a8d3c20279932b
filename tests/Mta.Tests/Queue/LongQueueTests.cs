using System.Globalization;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>A queue of 100,000 messages, listed, counted and ordered.</summary>
public sealed class LongQueueTests
{
    private const int Messages = 100_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_listed_to_its_end_counted_and_ruled()
    {
        await using var scene = await SpoolScene.OpenAsync();
        Fill(scene);
        var queue = MailQueueTests.QueueOf(scene);

        var summary = await queue.SummarizeAsync(QueueFilter.Everything, Cancellation);
        Assert.Equal((Messages, Messages, 1000, false), (summary.Messages, summary.Recipients, summary.DestinationCount, summary.IsPartial));
        Assert.Equal((QueueSummary.MaxDestinations, 100), (summary.Destinations.Count, summary.Destinations[0].Recipients));

        var (pages, seen) = (0, new HashSet<string>(StringComparer.Ordinal));
        string? cursor = null;
        do
        {
            var page = await queue.ListAsync(QueueFilter.Everything, new QueuePageRequest(QueuePageRequest.MaxLimit, cursor) { Sort = QueueSort.NextAttempt }, Cancellation);
            Assert.All(page.Messages, mail => Assert.True(seen.Add(mail.Id)));
            cursor = page.Next;
            pages++;
        }
        while (cursor is not null);
        Assert.Equal((Messages, Messages / QueuePageRequest.MaxLimit), (seen.Count, pages));

        Assert.Equal(100, (await queue.ListAsync(new QueueFilter { Domain = "d77.test" }, new QueuePageRequest(1000), Cancellation)).Messages.Count);
        Assert.Equal(new QueueOrderOutcome.Done(10_000, 10_000), await queue.OrderAsync(new QueueOrder(QueueAction.Hold, "ann"), new QueueFilter { Sender = "s3@here.test" }, null, Cancellation));
        Assert.Equal(new QueueOrderOutcome.Done(100, 100), await queue.OrderAsync(new QueueOrder(QueueAction.Drop, "ann"), new QueueFilter { Domain = "d77.test" }, null, Cancellation));
        Assert.Equal(Messages - 100, (await queue.SummarizeAsync(new QueueFilter { Error = "refused" }, Cancellation)).Messages);
        Assert.Equal(100, (await queue.ListRetiredAsync(new RetiredFilter { Recipient = "d77.test" }, new RetiredPageRequest(1000), Cancellation)).Messages.Count);
    }

    [Fact]
    public async Task A_page_and_a_count_whose_time_is_over_say_where_they_stopped()
    {
        await using var scene = await SpoolScene.OpenAsync();
        Fill(scene, 5000);
        // A hundredth of a second for each look.
        var hasty = new HastyClock();
        var listing = new QueueListing(new SpoolDatabase(scene.Database, TimeSpan.FromSeconds(1)), new BodyFiles(scene.BodyFolder), hasty);
        var filter = new QueueFilter { Domain = "d999.test" };
        var (found, pages) = (new List<string>(), 0);
        string? cursor = null;
        do
        {
            var page = listing.List(filter, new QueuePageRequest(50, cursor));
            found.AddRange(page.Messages.Select(mail => mail.Id));
            cursor = page.Next;
            pages++;
        }
        while (cursor is not null);
        Assert.Equal(5, found.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(5, found.Count);
        Assert.True(pages > 1, "It looked at all of it in one page.");

        hasty.Step = TimeSpan.FromMilliseconds(100);
        var summary = new QueueCount(new SpoolDatabase(scene.Database, TimeSpan.FromSeconds(1)), hasty).Of(QueueFilter.Everything);
        Assert.True(summary.IsPartial);
        Assert.Equal(5000, summary.MessagesInQueue);
        Assert.InRange(summary.Messages, 1, 4999);
    }

    internal static void Fill(SpoolScene scene, int messages = Messages)
    {
        var now = scene.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        scene.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            BEGIN;
            CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {messages}) SELECT i FROM n;
            INSERT INTO Messages (QueueId, Journey, Delivery, ReversePath, Body, SmtpUtf8, Octets, AcceptedAt, DeliverByReturns, DeliverByTraces, Junk)
                SELECT printf('%016d', i), '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001', 's' || (i % 10) || '@here.test', 0, 0, 5000, {now} - 3600000, 0, 0, 0 FROM n;
            INSERT INTO Bodies (MessageId, Content) SELECT Id, x'0d0a' FROM Messages;
            INSERT INTO Recipients (MessageId, Address, Destination, State, Attempts, NextAttemptAt, LastAttemptAt, Status, Reason, Notify, Warned, Priority)
                SELECT Messages.Id, 'r@d' || (i % 1000) || '.test', 'd' || (i % 1000) || '.test', 0, 3, {now} + (i * 7919) % 3600000, {now} - 600000, '4.4.1', 'The connection was refused.', 0, 0, 0
                FROM n JOIN Messages ON QueueId = printf('%016d', i);
            COMMIT;
            """));
    }

    /// <summary>A clock that is later by a step each time somebody looks.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _now;

        public TimeSpan Step { get; set; } = TimeSpan.FromMilliseconds(10);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += Step.Ticks;
    }
}
