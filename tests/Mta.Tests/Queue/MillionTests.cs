using System.Diagnostics;
using System.Globalization;
using System.Text;
using MailSuite.Testing;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>A million recipients queued for dead destinations, all due at once. A measurement: it runs only when it is asked for (<c>-explicit only</c>), and says what it has measured.</summary>
public sealed class MillionTests(ITestOutputHelper output)
{
    private static readonly int Rows = int.Parse(Environment.GetEnvironmentVariable("MAILSUITE_TEST_ROWS") ?? "1000000", CultureInfo.InvariantCulture);

    /// <param name="destinations">Over how many dead destinations they are spread.</param>
    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public async Task Delay_no_message_to_a_destination_that_answers(int destinations)
    {
        await using var live = new SmtpPeer(System.Net.IPAddress.Parse("127.0.0.2"));
        using var disk = new TempDirectory();
        await using (var empty = await RelayScene.StartAsync(live.EndPoint.Port, directory: disk, runQueue: false))
            Fill(Path.Combine(disk.Path, "mta.db"), destinations, empty.Clock.GetUtcNow());

        GC.Collect();
        var before = Environment.WorkingSet;
        var started = Stopwatch.GetTimestamp();
        await using var scene = await RelayScene.StartAsync(live.EndPoint.Port, directory: disk);
        var start = Stopwatch.GetElapsedTime(started);

        var memory = before;
        var times = new List<double>();
        for (var i = 1; i <= 50; i++)
        {
            started = Stopwatch.GetTimestamp();
            await scene.SendAsync("ann@here.test", ["bob@[127.0.0.2]"]);
            while (live.Messages.Count < i)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            memory = Math.Max(memory, Environment.WorkingSet);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        var first = times[0];
        times.RemoveAt(0);
        times.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Rows} recipients, {destinations} dead destinations: start {start.TotalSeconds:0.00} s; accept to arrival, ms: the first {first:0}, then median {times[24]:0}, longest {times[^1]:0}, over 100: {times.Count(time => time > 100)}; memory {memory >> 20} MiB, of which the test had {before >> 20} before; tried {scene.Count("Recipients", "Attempts > 1")}"));
    }

    private static void Fill(string database, int destinations, DateTimeOffset now)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandTimeout = 600;
        command.CommandText = """
            PRAGMA synchronous=OFF;
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $rows)
            INSERT INTO Messages (QueueId, Journey, Delivery, ReversePath, Body, SmtpUtf8, Octets, AcceptedAt, DeliverByReturns, DeliverByTraces, Junk)
            SELECT printf('1KQS6%011d', i), $guid, $guid, printf('ann%d@here.test', i % 100), 0, 0, length($content), $accepted, 0, 0, 0 FROM n;
            INSERT INTO Bodies (MessageId, Content) SELECT Id, $content FROM Messages;
            INSERT INTO Recipients (MessageId, Address, Destination, State, Attempts, NextAttemptAt, LastAttemptAt, Status, Reason, Notify, Warned, Priority, Sender, NoticeAt)
            SELECT Id, 'bob@' || d, d, 0, 1, $due + Id % 1000, $accepted, '4.4.1', 'No answer', 0, 0, 0, Id % 100, $notice
            FROM (SELECT Id, printf('[127.%d.%d.%d]', 1 + (Id % $destinations) / 65536, (Id % $destinations) / 256 % 256, (Id % $destinations) % 256) AS d FROM Messages);
            COMMIT;
            PRAGMA wal_checkpoint(TRUNCATE);
            """;
        command.Parameters.AddWithValue("$rows", Rows);
        command.Parameters.AddWithValue("$destinations", destinations);
        command.Parameters.AddWithValue("$guid", Guid.NewGuid());
        command.Parameters.AddWithValue("$content", Encoding.ASCII.GetBytes("Subject: x\r\n\r\n".PadRight(200, 'x') + "\r\n"));
        command.Parameters.AddWithValue("$accepted", now.AddMinutes(-10).ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$due", now.AddMinutes(-1).ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$notice", now.AddHours(3).ToUnixTimeMilliseconds());
        command.ExecuteNonQuery();
    }
}
