using CsCheck;
using MailSuite.Mua.Journey;
using MailSuite.Mua.Journey.Sqlite;
using MailSuite.Mua.Tests.Support;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Journey;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailSuite.Mua.Tests.Journey;

public sealed class JourneyStoreTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Gives_back_the_events_of_a_message_in_order_of_time_with_their_dialogue()
    {
        await using var store = await Store.OpenAsync();
        var id = NewId();
        store.Record(Event(id, 2, JourneyStep.Filed) with { Related = NewId() });
        store.Record(Event(id, 0, JourneyStep.Accepted) with
        {
            Reason = "local",
            Peer = "client.example [192.0.2.1]",
            Recipients = [EnvelopeAddress.Parse("bob@example.org")],
            Dialogue = [new TranscriptLine(Noon.AddTicks(-120), true, "EHLO client.example"), new TranscriptLine(Noon, false, "250 \"ok\" ü")],
        });
        store.Record(Event(id, 1, JourneyStep.Delivered));

        var journey = await store.Journeys.FindAsync(id, CancellationToken.None);

        Assert.NotNull(journey);
        Assert.Equal([JourneyStep.Accepted, JourneyStep.Delivered, JourneyStep.Filed], journey.Events.Select(e => e.Step));
        Assert.Equal(JourneyStep.Filed, journey.LastStep);
        Assert.NotNull(journey.Events[2].Related);
        var accepted = journey.Events[0];
        Assert.Equal(("local", "client.example [192.0.2.1]", "bob@example.org"), (accepted.Reason, accepted.Peer, accepted.Recipients[0].ToString()));
        Assert.Equal(["C: EHLO client.example", "S: 250 \"ok\" ü"], accepted.Dialogue.Select(l => l.ToString()));
        Assert.Equal(Noon.AddTicks(-120), accepted.Dialogue[0].At);
    }

    /// <summary>By what others call it, for who has sent it only.</summary>
    [Theory]
    [InlineData("m-1@example.net", "ann@example.net", true)]
    [InlineData("Q-42", "Ann@example.net", true)]
    [InlineData("Q-42", "ben@example.net", false)]
    [InlineData("Q-43", "ann@example.net", false)]
    [InlineData("'; --", "ann@example.net", false)]
    public async Task Finds_the_oldest_message_of_a_name_and_a_sender(string name, string sender, bool found)
    {
        await using var store = await Store.OpenAsync();
        var ids = new[] { NewId(), NewId(), NewId() }.OrderBy(id => id.ToString(), StringComparer.Ordinal).ToList();
        var (report, first, second) = (ids[0], ids[1], ids[2]);
        var facts = new MessageFacts { MessageId = "m-1@example.net", QueueId = "Q-42", ReversePath = ReversePath.Of(EnvelopeAddress.Parse("ann@example.net")) };
        store.Record(Event(report, 0, JourneyStep.Accepted) with { Facts = facts with { ReversePath = ReversePath.Null } });
        store.Record(Event(first, 0, JourneyStep.Accepted) with { Facts = facts });
        store.Record(Event(second, 1, JourneyStep.Accepted) with { Facts = facts });

        Assert.Equal(found ? first : null, await store.Journeys.FindAsync(["nothing", name], EnvelopeAddress.Parse(sender), CancellationToken.None));
    }

    [Fact]
    public async Task Looks_for_ten_names()
    {
        await using var store = await Store.OpenAsync();
        var id = NewId();
        store.Record(Event(id, 0, JourneyStep.Accepted) with { Facts = new MessageFacts { QueueId = "Q-42", ReversePath = ReversePath.Of(EnvelopeAddress.Parse("ann@example.net")) } });
        var ann = EnvelopeAddress.Parse("ann@example.net");

        Assert.Equal(id, await store.Journeys.FindAsync([.. Enumerable.Repeat("x", 9), "Q-42"], ann, CancellationToken.None));
        Assert.Null(await store.Journeys.FindAsync([.. Enumerable.Repeat("x", 10), "Q-42"], ann, CancellationToken.None));
    }

    [Theory]
    [InlineData("<m-1@example.net>")]
    [InlineData("m-1@example.net")]
    [InlineData("Q-42")]
    [InlineData("bob@EXAMPLE.org")]
    [InlineData("ann@example.net")]
    [InlineData("grüsse AUS")]
    [InlineData("aus bob@example.org")]
    public async Task Finds_a_journey_by(string query)
    {
        await using var store = await Store.OpenAsync();
        var id = NewId();
        store.Record(Event(NewId(), 0, JourneyStep.Accepted) with { Facts = new MessageFacts { Subject = "other", MessageId = "other@example.net" } });
        store.Record(Event(id, 0, JourneyStep.Accepted) with
        {
            Facts = new MessageFacts
            {
                MessageId = "m-1@example.net",
                QueueId = "Q-42",
                Subject = "GRÜSSE aus Wien",
                ReversePath = ReversePath.Of(EnvelopeAddress.Parse("ann@example.net")),
                Recipients = [EnvelopeAddress.Parse("bob@example.org")],
            },
        });

        Assert.Equal(id, Assert.Single(await store.Journeys.SearchAsync(query, null, 10, CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Finds_a_journey_by_its_own_id()
    {
        await using var store = await Store.OpenAsync();
        var id = NewId();
        store.Record(Event(id, 0, JourneyStep.Accepted));

        Assert.Equal(id, Assert.Single(await store.Journeys.SearchAsync(id.ToString(), null, 10, CancellationToken.None)).Id);
        Assert.Equal(id, Assert.Single(await store.Journeys.SearchAsync(id.Value.ToString("D"), null, 10, CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Finds_nothing_by_words_that_are_not_all_there_and_treats_wildcards_as_letters()
    {
        await using var store = await Store.OpenAsync();
        store.Record(Event(NewId(), 0, JourneyStep.Accepted) with { Facts = new MessageFacts { Subject = "Lunch on Friday" } });

        Assert.Empty(await store.Journeys.SearchAsync("lunch monday", null, 10, CancellationToken.None));
        Assert.Empty(await store.Journeys.SearchAsync("lu%ch", null, 10, CancellationToken.None));
        Assert.Empty(await store.Journeys.SearchAsync("'; DROP TABLE Journeys; --", null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Limits_a_search_to_journeys_of_one_party()
    {
        await using var store = await Store.OpenAsync();
        var own = NewId();
        store.Record(Event(own, 0, JourneyStep.Accepted) with { Facts = new MessageFacts { Subject = "x", Recipients = [EnvelopeAddress.Parse("a@example.org"), EnvelopeAddress.Parse("bob@example.org")] } });
        store.Record(Event(NewId(), 0, JourneyStep.Accepted) with { Facts = new MessageFacts { Subject = "x", Recipients = [EnvelopeAddress.Parse("notbob@example.org")] } });

        Assert.Equal(own, Assert.Single(await store.Journeys.SearchAsync("x", "bob@example.org", 10, CancellationToken.None)).Id);
        Assert.Equal(own, Assert.Single(await store.Journeys.SearchAsync("", "bob@example.org", 10, CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Keeps_what_an_earlier_batch_told_about_a_message()
    {
        await using var store = await Store.OpenAsync();
        var id = NewId();
        store.Record(Event(id, 0, JourneyStep.Composed) with { Facts = new MessageFacts { Subject = "first", MessageId = "m@x" } });
        await store.Journeys.FindAsync(id, CancellationToken.None);
        store.Record(Event(id, 1, JourneyStep.Accepted) with { Facts = new MessageFacts { Subject = "second", QueueId = "Q" } });

        var journey = await store.Journeys.FindAsync(id, CancellationToken.None);

        Assert.Equal(("first", "m@x", "Q"), (journey!.Subject, journey.MessageId, journey.QueueId));
        Assert.Equal((Noon, Noon.AddSeconds(1)), (journey.FirstAt, journey.LastAt));
    }

    [Fact]
    public async Task Is_all_there_after_a_restart()
    {
        using var directory = new TempDirectory();
        var id = NewId();
        await using (var store = await Store.OpenAsync(directory))
            store.Record(Event(id, 0, JourneyStep.Accepted));

        await using var again = await Store.OpenAsync(directory);
        Assert.NotNull(await again.Journeys.FindAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task Removes_what_is_too_old_and_nothing_else()
    {
        await using var store = await Store.OpenAsync();
        var (old, half, young) = (NewId(), NewId(), NewId());
        store.Record(Event(old, 0, JourneyStep.Accepted));
        store.Record(Event(half, 10, JourneyStep.Accepted));
        await store.Queue.FlushAsync(CancellationToken.None);
        store.Record(Event(half, 100, JourneyStep.Filed));
        store.Record(Event(young, 101, JourneyStep.Accepted));
        await store.Queue.FlushAsync(CancellationToken.None);

        while (store.Database.RemoveSome(Noon.AddSeconds(50), long.MaxValue))
        {
        }

        Assert.Null(await store.Journeys.FindAsync(old, CancellationToken.None));
        Assert.Equal(JourneyStep.Filed, Assert.Single((await store.Journeys.FindAsync(half, CancellationToken.None))!.Events).Step);
        Assert.NotNull(await store.Journeys.FindAsync(young, CancellationToken.None));
    }

    [Fact]
    public async Task Removes_the_oldest_beyond_the_number_to_keep()
    {
        await using var store = await Store.OpenAsync();
        var ids = Enumerable.Range(0, 10).Select(_ => NewId()).ToList();
        foreach (var id in ids)
        {
            store.Record(Event(id, 0, JourneyStep.Accepted));
            await store.Queue.FlushAsync(CancellationToken.None);
        }

        while (store.Database.RemoveSome(DateTimeOffset.MinValue, 3))
        {
        }

        Assert.Equal(ids[^3..].Order(IdOrder), (await store.Journeys.SearchAsync("", null, 100, CancellationToken.None)).Select(j => j.Id).Order(IdOrder));
    }

    [Fact]
    public async Task Refuses_a_database_of_a_newer_program_and_leaves_it_as_it_is()
    {
        using var directory = new TempDirectory();
        await using (await Store.OpenAsync(directory))
        {
        }

        using (var connection = new SqliteConnection($"Data Source={directory.File("mua.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Future', '99')";
            command.ExecuteNonQuery();
        }

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Store.OpenAsync(directory));
        Assert.Contains("newer MailSuite", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("29990101000000_Future", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_stopped_by_the_lock_of_a_program_that_was_killed_while_it_made_the_tables()
    {
        using var directory = new TempDirectory();
        using (var connection = new SqliteConnection($"Data Source={directory.File("mua.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE __EFMigrationsLock (Id INTEGER NOT NULL PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO __EFMigrationsLock VALUES (1, '2026-11-23 00:00:00')";
            command.ExecuteNonQuery();
        }

        await using var store = await Store.OpenAsync(directory).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Empty(await store.Journeys.SearchAsync("", null, 100, CancellationToken.None));
    }

    [Fact]
    public async Task Copies_a_file_with_data_before_it_migrates_it()
    {
        using var directory = new TempDirectory();
        var path = directory.File("mua.db");
        // What an older program would leave: a history without our migration, and something of its own.
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE Kept (X INTEGER); INSERT INTO Kept VALUES (7)";
            command.ExecuteNonQuery();
        }

        await using (await Store.OpenAsync(directory))
        {
        }

        using var copy = new SqliteConnection($"Data Source={Assert.Single(Directory.GetFiles(directory.Path, "mua.db.before-*"))};Pooling=False");
        copy.Open();
        using var read = copy.CreateCommand();
        read.CommandText = "SELECT X FROM Kept";
        Assert.Equal(7L, read.ExecuteScalar());
    }

    [Fact]
    public async Task Is_ready_when_it_can_be_read()
    {
        await using var store = await Store.OpenAsync();
        Assert.Null(await store.Database.CheckAsync(CancellationToken.None));
    }

    [Fact]
    public void Reads_no_nonsense_as_a_dialogue_and_never_throws() =>
        Gen.Byte.Array[0, 200].Sample(octets => DialogueJson.Read(octets, Noon) is not null);

    private static readonly Comparer<JourneyId> IdOrder = Comparer<JourneyId>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    private static JourneyId NewId() => new(Guid.CreateVersion7());

    private static JourneyEvent Event(JourneyId id, int seconds, JourneyStep step) => new(id, Noon.AddSeconds(seconds), MailRole.Mta, step, "mail.example.org", "It happened.");

    private sealed class Store : IAsyncDisposable
    {
        private readonly TempDirectory? _own;
        private readonly JourneyWriter _writer;

        private Store(TempDirectory directory, bool owns)
        {
            _own = owns ? directory : null;
            var options = Samples.Options(directory.Path) with { JourneyRetention = TimeSpan.FromDays(36500) };
            Database = new JourneyDatabase(options);
            _writer = new JourneyWriter(Queue, Database, options, TimeProvider.System, NullLogger<JourneyWriter>.Instance);
            Journeys = new SqliteJourneys(Database, Queue);
        }

        internal JourneyQueue Queue { get; } = new();

        internal JourneyDatabase Database { get; }

        internal SqliteJourneys Journeys { get; }

        internal static async Task<Store> OpenAsync(TempDirectory? directory = null)
        {
            var store = new Store(directory ?? new TempDirectory(), directory is null);
            try
            {
                await store._writer.StartAsync(CancellationToken.None);
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }

            return store;
        }

        internal void Record(JourneyEvent journeyEvent) => Queue.Record(journeyEvent);

        public async ValueTask DisposeAsync()
        {
            await _writer.StopAsync(CancellationToken.None);
            _writer.Dispose();
            Database.Dispose();
            _own?.Dispose();
        }
    }
}
