using System.Diagnostics.Metrics;
using MailSuite.Mta.Metrics;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Metrics;

/// <summary>What the MTA counts, and what counting costs.</summary>
public sealed class MtaMeterTests
{
    private const int Rounds = 1000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Counting_allocates_nothing(bool listened)
    {
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => Listen(instrument, self, listened) };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<int>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();
        var message = new QueuedMessage(
            1, new QueueId("1M86G8BE782FAZRJ"), default, null, default, default, BodyType.SevenBit, false, DateTimeOffset.UnixEpoch, [], null!);
        Settlement[] settlements = [new(1, RecipientState.Delivered, RecipientOutcome.InMailbox(expanded: false), null, true)];
        Count();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
            Count();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Count()
        {
            MtaMeter.SessionBegan(SmtpRole.Mx);
            MtaMeter.Replied(SmtpReplies.TooManySessions);
            MtaMeter.Concluded(SmtpRole.Mx, SmtpReplies.StorageFull, 100);
            MtaMeter.SessionEnded(SmtpRole.Mx);
            MtaMeter.Settled(message, settlements, DateTimeOffset.UnixEpoch);
            MtaMeter.Connected(succeeded: true);
            MtaMeter.Reused();
            MtaMeter.ClientSessionBegan(isEncrypted: true, isVerified: false);
            MtaMeter.DnsEnded(MtaMeter.DnsBegins(), "MX", "found");
            MtaMeter.Committed(MtaMeter.CommitBegins(), 7);
        }
    }

    [Fact]
    public async Task The_queue_is_counted_behind_and_not_anew_for_each_look()
    {
        await using var scene = await SpoolScene.OpenAsync();
        var clock = new FakeTimeProvider();
        var sizes = new QueueSizes(scene.Store, clock, NullLogger<QueueSizes>.Instance);
        await scene.Store.AcceptAsync(scene.Message(100, "a@there.test", "b@there.test", "c@there.test"), TestContext.Current.CancellationToken);

        Assert.Null(sizes.Read());
        await RelayScene.UntilAsync(() => sizes.Read() is { Due: 3, Waiting: 0, Held: 0 });

        scene.Execute("UPDATE Recipients SET State = 9 WHERE Address = 'a@there.test'");
        scene.Execute($"UPDATE Recipients SET NextAttemptAt = {scene.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds()} WHERE Address = 'b@there.test'");
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(new QueueSize(0, 3, 0, 0, 0), sizes.Read());
        clock.Advance(TimeSpan.FromSeconds(1));
        await RelayScene.UntilAsync(() => sizes.Read() is { Due: 1, Waiting: 1, Held: 0 });

        // What is held has no index: after an hour, or when a person has ordered something.
        clock.Advance(TimeSpan.FromHours(1));
        await RelayScene.UntilAsync(() => sizes.Read() is { Held: 1 });
        scene.Execute("UPDATE Recipients SET State = 9 WHERE Address = 'b@there.test'");
        await scene.Store.OrderAsync(new QueueOrderBatch(new QueueOrder(QueueAction.Hold, "ann"), []), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(10));
        await RelayScene.UntilAsync(() => sizes.Read() is { Held: 2, Waiting: 0 });
    }

    [Theory]
    [InlineData("SELECT COUNT(*) FROM Recipients WHERE State = 0 AND NextAttemptAt > 1")]
    [InlineData("SELECT COUNT(*) FROM Recipients WHERE State = 0 AND NextAttemptAt <= 1")]
    [InlineData("SELECT COUNT(*) FROM Recipients WHERE State IN (2, 5, 6, 7)")]
    [InlineData("SELECT COUNT(*) FROM Recipients WHERE State = 4")]
    public async Task Counts_in_an_index_that_has_nothing_else(string sql)
    {
        await using var scene = await SpoolScene.OpenAsync();
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={scene.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        using var rows = command.ExecuteReader();
        Assert.True(rows.Read());
        Assert.Matches("USING (COVERING )?INDEX IX_Recipients_", rows.GetString(3));
    }

    private static void Listen(Instrument instrument, MeterListener listener, bool listened)
    {
        if (listened && instrument.Meter.Name == MtaMeter.Name)
            listener.EnableMeasurementEvents(instrument);
    }
}
