using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MailSuite.Mda.Tests.Store;

public sealed class StoreSchemaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refuses_a_database_that_is_newer_than_the_program()
    {
        using var directory = new Testing.TempDirectory();
        await using (var before = new MdaScene(directory: directory.Path))
            await before.Store.OpenAsync();
        await ExecuteAsync(directory.File("mda.db"), "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Tomorrow', '99.0.0')");

        await using var scene = new MdaScene(directory: directory.Path);
        var exception = await Assert.ThrowsAsync<StoreSchemaException>(() => scene.Store.OpenAsync());

        Assert.Contains(directory.File("mda.db"), exception.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copies_a_database_with_data_before_it_migrates_it()
    {
        using var directory = new Testing.TempDirectory();
        var path = directory.File("mda.db");
        // An earlier schema, as far as the program can tell: a migrations table that has none of today's names but is not empty.
        await ExecuteAsync(path, "CREATE TABLE __EFMigrationsHistory (MigrationId TEXT PRIMARY KEY, ProductVersion TEXT); CREATE TABLE precious (it TEXT); INSERT INTO precious VALUES ('kept');");

        await using var scene = new MdaScene(directory: directory.Path);
        await scene.Store.OpenAsync();

        var copy = Assert.Single(Directory.GetFiles(directory.Path, "mda.db.before-*"));
        Assert.Equal("kept", await ScalarAsync(copy, "SELECT it FROM precious"));
        Assert.Equal("kept", await ScalarAsync(path, "SELECT it FROM precious"));
    }

    [Fact]
    public async Task Opens_a_database_of_today_as_it_is()
    {
        using var directory = new Testing.TempDirectory();
        await using (var before = new MdaScene(directory: directory.Path))
            await before.AddAccountAsync("ann@example.org");

        await using var scene = new MdaScene(directory: directory.Path);

        Assert.NotNull(await scene.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation));
        Assert.Empty(Directory.GetFiles(directory.Path, "mda.db.before-*"));
    }

    [Fact]
    public async Task Is_made_once_when_two_programs_start_on_an_empty_directory()
    {
        using var directory = new Testing.TempDirectory();
        await using var one = new MdaScene(directory: directory.Path);
        await using var two = new MdaScene(directory: directory.Path);

        await Task.WhenAll(one.Store.OpenAsync(), two.Store.OpenAsync());

        await one.AddAccountAsync("ann@example.org");
        Assert.NotNull(await two.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation));
    }

    [Fact]
    public async Task Has_migrations_that_agree_with_the_model()
    {
        await using var scene = new MdaScene();
        await scene.Store.OpenAsync();
        await using var tables = scene.OpenTables();

        Assert.False(tables.Database.HasPendingModelChanges());
        Assert.Equal(StoreSchema.Known, tables.Database.GetMigrations());
        Assert.Equal("wal", await ScalarAsync(scene.Store.DatabasePath, "PRAGMA journal_mode"));
    }

    [Fact]
    public void Keeps_the_numbers_that_are_on_the_disk()
    {
        Assert.Equal(
            [("None", 0), ("Seen", 1), ("Answered", 2), ("Flagged", 4), ("Deleted", 8), ("Draft", 16), ("Forwarded", 32)],
            Enum.GetValues<MessageFlags>().Select(flag => (flag.ToString(), (int)flag)));
        Assert.Equal(
            [("None", 0), ("Inbox", 1), ("Drafts", 2), ("Sent", 3), ("Archive", 4), ("Junk", 5), ("Trash", 6)],
            Enum.GetValues<SpecialUse>().Select(use => (use.ToString(), (int)use)));
    }

    private static async Task ExecuteAsync(string path, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<string?> ScalarAsync(string path, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string?)await command.ExecuteScalarAsync(Cancellation);
    }
}
