using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Disk;
using MailSuite.Shared.Status;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailSuite.Mda.Tests.Store;

public sealed class StoreFaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gives_back_what_a_long_reader_has_made_the_log_grow_to()
    {
        await using var scene = new MdaScene(options => options with { BusyTimeout = TimeSpan.FromMilliseconds(100) });
        await scene.AddAccountAsync("ann@example.org");
        var log = new FileInfo(scene.Store.DatabasePath + "-wal");
        await using (var reader = new SqliteConnection($"Data Source={scene.Store.DatabasePath};Pooling=False"))
        {
            await reader.OpenAsync(Cancellation);
            await using var reading = reader.BeginTransaction(deferred: true);
            await using var command = reader.CreateCommand();
            command.CommandText = "SELECT count(*) FROM message";
            command.Transaction = reading;
            await command.ExecuteScalarAsync(Cancellation);
            for (var octets = 0L; octets < 80 * 1024 * 1024; octets += 1_000_000)
                await scene.DeliverAsync(MdaScene.Message(body: new string('x', 1_000_000)), "ann@example.org");
        }

        log.Refresh();
        Assert.True(log.Length > 70 * 1024 * 1024);
        for (var i = 0; i < 10; i++)
            await scene.DeliverAsync(MdaScene.Message(body: new string('x', 1_000_000)), "ann@example.org");

        await MdaScene.UntilAsync(() =>
        {
            log.Refresh();
            return log.Length <= 64 * 1024 * 1024;
        });
    }

    [Fact]
    public async Task Defers_when_the_database_is_full_and_goes_on_when_there_is_room_again()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await SetMaxPagesAsync(scene, 1);

        var full = Assert.Single(await scene.DeliverAsync(MdaScene.Message(body: new string('x', 100_000)), "ann@example.org"));
        var said = await scene.Services.GetRequiredService<IReadiness>().CheckAsync(Cancellation);
        await SetMaxPagesAsync(scene, 1_000_000);
        var again = Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"));

        Assert.Equal(StatusCodes.SystemStorageFull, Assert.IsType<LocalDeliveryOutcome.Deferred>(full).Status);
        Assert.NotNull(said);
        Assert.IsType<LocalDeliveryOutcome.Stored>(again);
        var inbox = await scene.MailboxAsync(ann);
        Assert.Equal((1, 2u), (inbox.Messages, inbox.UidNext.Value));
    }

    [Fact]
    public async Task Does_not_let_one_that_fails_harm_those_it_shares_a_transaction_with()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        using var gate = new ManualResetEventSlim();
        var holding = scene.Store.WriteAsync(_ => gate.Wait(TimeSpan.FromSeconds(10), Cancellation), takesSpace: false, Cancellation);

        var good = Enumerable.Range(0, 5).Select(_ => scene.DeliverAsync(MdaScene.Message(), "ann@example.org")).ToList();
        var bad = scene.Store.WriteAsync(Break, takesSpace: false, Cancellation);
        good.AddRange(Enumerable.Range(0, 5).Select(_ => scene.DeliverAsync(MdaScene.Message(), "ann@example.org")));
        gate.Set();
        await holding;

        await Assert.ThrowsAsync<StoreFault>(() => bad);
        foreach (var delivery in good)
            Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await delivery));
        Assert.Equal(Enumerable.Range(1, 11).Reverse().Select(uid => (uint)uid), (await scene.MessagesAsync(ann)).Select(message => message.Uid.Value));

        static bool Break(WriteTurn turn)
        {
            turn.Connection.Execute("DELETE FROM body");
            turn.Connection.Execute("DELETE FROM no_such_table");
            return true;
        }
    }

    [Fact]
    public async Task Tells_its_callers_that_it_is_done_when_those_who_follow_a_commit_fail()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var options = new MdaOptions { DataDirectory = scene.Directory, HostName = "mx.example.org", MinFreeOctets = 0 };
        using var gate = new ManualResetEventSlim();
        await using var writer = new StoreWriter(
            scene.Store.DatabasePath, options, new FreeSpace(scene.Directory, scene.Clock), static _ => throw new InvalidOperationException("a bug of a follower"), NullLogger.Instance);
        var holding = writer.RunAsync(_ => gate.Wait(TimeSpan.FromSeconds(10), Cancellation), takesSpace: false, Cancellation);

        // One that fails makes the others run one by one.
        var first = writer.RunAsync(turn => Rename(turn, "first"), takesSpace: false, Cancellation);
        var bad = writer.RunAsync<bool>(static _ => throw new InvalidOperationException("a bug of its own"), takesSpace: false, Cancellation);
        var last = writer.RunAsync(turn => Rename(turn, "last"), takesSpace: false, Cancellation);
        gate.Set();

        Assert.True(await holding);
        Assert.True(await first);
        Assert.Contains("of its own", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message, StringComparison.Ordinal);
        Assert.True(await last);
        Assert.Equal("last", (await scene.Accounts.FindAsync(ann.Id, Cancellation))!.DisplayName);

        static bool Rename(WriteTurn turn, string name)
        {
            turn.Prepare("UPDATE account SET display_name = ?1").Bind(1, name).Run();
            return true;
        }
    }

    [Fact]
    public async Task Defers_while_another_program_holds_the_lock()
    {
        await using var scene = new MdaScene(options => options with { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        await scene.AddAccountAsync("ann@example.org");
        await using var other = new SqliteConnection($"Data Source={scene.Store.DatabasePath};Pooling=False");
        await other.OpenAsync(Cancellation);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        await command.ExecuteNonQueryAsync(Cancellation);

        var locked = Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"));
        command.CommandText = "ROLLBACK";
        await command.ExecuteNonQueryAsync(Cancellation);
        var free = Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"));

        Assert.Equal(StatusCodes.SystemTemporary, Assert.IsType<LocalDeliveryOutcome.Deferred>(locked).Status);
        Assert.IsType<LocalDeliveryOutcome.Stored>(free);
    }

    [Fact]
    public async Task Waits_for_a_lock_that_comes_free_in_time()
    {
        await using var scene = new MdaScene();
        await scene.AddAccountAsync("ann@example.org");
        await using var other = new SqliteConnection($"Data Source={scene.Store.DatabasePath};Pooling=False");
        await other.OpenAsync(Cancellation);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        await command.ExecuteNonQueryAsync(Cancellation);

        var delivery = scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        command.CommandText = "COMMIT";
        await command.ExecuteNonQueryAsync(Cancellation);

        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await delivery));
    }

    [Fact]
    public async Task Takes_no_mail_when_the_disk_is_nearly_full_but_lets_people_make_room()
    {
        using var directory = new Testing.TempDirectory();
        await using (var before = new MdaScene(directory: directory.Path))
        {
            await before.AddAccountAsync("ann@example.org");
            await before.DeliverAsync(MdaScene.Message(), "ann@example.org");
        }

        await using var scene = new MdaScene(options => options with { MinFreeOctets = long.MaxValue }, directory.Path);
        var ann = await scene.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation);
        var outcome = Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"));
        var summary = Assert.Single(await scene.MessagesAsync(ann!));
        var expunged = await scene.Mailboxes.ExpungeAsync(ann!.Id, summary.Mailbox, [summary.Uid], Cancellation);

        Assert.Equal(StatusCodes.SystemStorageFull, Assert.IsType<LocalDeliveryOutcome.Deferred>(outcome).Status);
        Assert.Equal(1, expunged);
        Assert.Contains("octets are free", await scene.Services.GetRequiredService<IReadiness>().CheckAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_to_open_what_is_no_database_and_says_what_to_do()
    {
        using var directory = new Testing.TempDirectory();
        await File.WriteAllTextAsync(directory.File("mda.db"), new string('?', 5000), Cancellation);
        await using var scene = new MdaScene(directory: directory.Path);

        var exception = await Assert.ThrowsAsync<Mda.Store.StoreSchemaException>(() => scene.Store.OpenAsync());

        Assert.Contains(directory.File("mda.db"), exception.Message, StringComparison.Ordinal);
        Assert.Contains("Put back a copy", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Defers_when_the_database_is_damaged()
    {
        using var directory = new Testing.TempDirectory();
        await using (var before = new MdaScene(directory: directory.Path))
            await before.AddAccountAsync("ann@example.org");
        await using (var file = new FileStream(directory.File("mda.db"), FileMode.Open, FileAccess.ReadWrite))
        {
            // All pages but the first two: the schema is still read, the rows are not.
            file.Position = 8192;
            await file.WriteAsync(Enumerable.Repeat((byte)0xEE, (int)(file.Length - 8192)).ToArray(), Cancellation);
        }

        await using var scene = new MdaScene(options => options with { EveryoneIsLocal = true }, directory.Path);
        LocalDeliveryOutcome outcome;
        try
        {
            outcome = Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"));
        }
        catch (Mda.Store.StoreSchemaException)
        {
            // It was found at opening already, which is as good.
            return;
        }

        Assert.Equal(StatusCodes.SystemTemporary, Assert.IsType<LocalDeliveryOutcome.Deferred>(outcome).Status);
    }

    /// <summary>The limit belongs to the connection, so it is set on the writer's own.</summary>
    private static Task<bool> SetMaxPagesAsync(MdaScene scene, int pages) => scene.Store.WriteAsync(
        turn =>
        {
            turn.Connection.Execute($"PRAGMA max_page_count={pages}");
            return true;
        },
        takesSpace: false,
        Cancellation);
}
