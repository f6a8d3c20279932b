using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Shared.Addressing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MailSuite.Mta.Tests.Spool;

public sealed class SpoolSchemaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refuses_a_database_of_a_newer_program_and_says_what_to_do()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(), Cancel);
        scene.Execute("INSERT INTO __EFMigrationsHistory VALUES ('20990101000000_Later', '99.0')");

        var error = await Assert.ThrowsAsync<SpoolTooNewException>(() => new SpoolSchema(scene.Database, scene.Clock).UpgradeAsync(Cancel));

        Assert.Contains(scene.Database, error.Message, StringComparison.Ordinal);
        Assert.Contains("20990101000000_Later", error.Message, StringComparison.Ordinal);
        Assert.Contains("Start the newer version again", error.Message, StringComparison.Ordinal);
        Assert.Single(scene.Due());
    }

    [Fact]
    public async Task Copies_a_file_with_messages_before_it_changes_it()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(), Cancel);
        // As if the only migration there is had still to come; it fails, for the tables are there, but the copy is made before.
        scene.Execute("DELETE FROM __EFMigrationsHistory");

        await Assert.ThrowsAsync<SqliteException>(() => new SpoolSchema(scene.Database, scene.Clock).UpgradeAsync(Cancel));

        var copy = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(scene.Database)!, "mta.db.before-*"));
        await using var connection = new SqliteConnection($"Data Source={copy};Mode=ReadOnly;Pooling=False");
        connection.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM Messages";
        Assert.Equal(1L, command.ExecuteScalar());
    }

    [Fact]
    public async Task Brings_a_spool_of_the_first_form_over_with_all_that_waits()
    {
        await using var scene = new SpoolScene();
        var options = new DbContextOptionsBuilder<SpoolDbContext>().UseSqlite($"Data Source={scene.Database};Pooling=False").Options;
        await using (var context = new SpoolDbContext(options))
            await context.Database.MigrateAsync("20261123000000_Initial", Cancel);
        scene.Execute("""
            INSERT INTO Messages VALUES (1, '0123456789ABCDEF', '00000000-0000-7000-8000-000000000001', NULL, '00000000-0000-7000-8000-000000000002', 'ann@here.test', 0, 0, 3, NULL, 1);
            INSERT INTO Bodies VALUES (1, x'780d0a');
            INSERT INTO Recipients (MessageId, Address, Destination, State, Attempts, NextAttemptAt) VALUES (1, 'bob@there.test', 'there.test', 0, 2, 5);
            """);

        await scene.Store.OpenAsync(Cancel);

        var message = scene.Load(Assert.Single(scene.Due()));
        Assert.Same(MailRequests.None, message.Requests);
        Assert.Equal((EnvelopeAddress.Parse("bob@there.test"), 2), (message.Recipients[0].Recipient, message.Recipients[0].Attempts));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(scene.Database)!, "mta.db.before-*"));
    }

    [Fact]
    public async Task Is_not_stopped_by_the_lock_of_a_program_that_was_killed_while_it_made_the_tables()
    {
        await using var scene = new SpoolScene();
        scene.Execute("CREATE TABLE __EFMigrationsLock (Id INTEGER NOT NULL PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO __EFMigrationsLock VALUES (1, '2026-11-23 00:00:00')");

        await scene.Store.OpenAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        await scene.Store.AcceptAsync(scene.Message(), Cancel);
        Assert.Single(scene.Due());
    }

    [Fact]
    public async Task Copies_nothing_when_there_is_nothing_to_change()
    {
        var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(), Cancel);

        await using var restarted = await scene.RestartAsync();

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(restarted.Database)!, "mta.db.before-*"));
        Assert.Single(restarted.Due());
    }

    [Fact]
    public void Has_a_migration_for_every_change_of_the_model()
    {
        using var context = new SpoolDbContextFactory().CreateDbContext([]);

        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Is_ready_when_the_database_can_be_read()
    {
        await using var scene = await SpoolScene.OpenAsync();
        var readiness = new SpoolReadiness(scene.Store, scene.Clock);

        Assert.Null(await readiness.CheckAsync(Cancel));
        scene.Execute("ALTER TABLE Recipients RENAME TO Gone");
        Assert.NotNull(await readiness.CheckAsync(Cancel));
    }
}
