using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Model;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

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
    public async Task Keeps_the_mail_of_a_store_from_before_clients_had_access()
    {
        using var directory = new Testing.TempDirectory();
        var path = directory.File("mda.db");
        await using (var before = new MdaDbContext(new DbContextOptionsBuilder<MdaDbContext>().UseSqlite($"Data Source={path};Pooling=False").Options))
            await before.GetService<IMigrator>().MigrateAsync("20261124092448_Administrators", Cancellation);
        await ExecuteAsync(path, """
            INSERT INTO account (id, address, address_key, octets, created_at, is_administrator) VALUES (7, 'ann@example.org', 'ann@example.org', 60, 1, 0);
            INSERT INTO mailbox (id, account_id, name, special_use, uid_validity, uid_next, highest_mod_seq, messages, unseen, octets) VALUES (3, 7, 'INBOX', 1, 9, 6, 8, 2, 1, 60);
            INSERT INTO body (id, refs, octets, subject, from_name, from_address, to_names, subject_key, from_key, to_key) VALUES (4, 2, 30, 's', 'f', 'f', 't', 's', 'f', 't');
            INSERT INTO body_octets VALUES (4, zeroblob(30));
            INSERT INTO message (mailbox_id, account_id, uid, body_id, flags, mod_seq, internal_date, fetched) VALUES (3, 7, 5, 4, 9, 8, 1000, 0), (3, 7, 2, 4, 0, 6, 900, 0);
            """);

        await using var scene = new MdaScene(directory: directory.Path);
        var account = await scene.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation);
        var page = await scene.Mailboxes.PageAsync(account!.Id, new MailboxId(3), new MessagePageRequest(null, 0, 10), Cancellation);

        Assert.Equal([5u, 2u], page.Messages.Select(message => message.Uid.Value));
        Assert.Equal(MessageFlags.Seen | MessageFlags.Deleted, page.Messages[0].Flags);
        Assert.Equal("2:1:30:900", await ScalarAsync(path, "SELECT account.messages || ':' || mailbox.deleted || ':' || message.octets || ':' || message.save_date FROM account, mailbox, message WHERE uid = 2"));
        Assert.Equal("INBOX", await ScalarAsync(path, "SELECT name FROM subscription WHERE account_id = 7"));
    }

    [Fact]
    public void Keeps_the_numbers_that_are_on_the_disk()
    {
        Assert.Equal(
            [("None", 0), ("Seen", 1), ("Answered", 2), ("Flagged", 4), ("Deleted", 8), ("Draft", 16), ("Forwarded", 32)],
            Enum.GetValues<MessageFlags>().Select(flag => (flag.ToString(), (int)flag)));
        Assert.Equal(
            [("None", 0), ("Inbox", 1), ("Drafts", 2), ("Sent", 3), ("Archive", 4), ("Junk", 5), ("Trash", 6), ("All", 7), ("Flagged", 8), ("Important", 9)],
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
