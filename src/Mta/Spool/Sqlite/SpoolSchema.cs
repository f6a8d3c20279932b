using System.Globalization;
using System.Reflection;
using MailSuite.Shared.Disk;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>Brings <c>mta.db</c> to the form that this program knows, before anything else uses it.</summary>
internal sealed class SpoolSchema(string path, TimeProvider clock)
{
    /// <summary>Applies what is missing, after a copy of the file when it holds messages.</summary>
    /// <exception cref="SpoolTooNewException">A newer program has made this file; nothing was changed.</exception>
    public async Task UpgradeAsync(CancellationToken cancellationToken)
    {
        var known = KnownMigrations();
        var applied = AppliedMigrations();
        if (applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new SpoolTooNewException(path, unknown);

        // Asking EF Core would build its model, which costs about a second of every start.
        if (known.Except(applied, StringComparer.Ordinal).FirstOrDefault() is not { } pending)
            return;

        if (File.Exists(path) && HasMessages())
            Backup(pending);

        var options = new DbContextOptionsBuilder<SpoolDbContext>().UseSqlite($"Data Source={path};Pooling=False").Options;
        await using var context = new SpoolDbContext(options);
        await context.Database.OpenConnectionAsync(cancellationToken);
        // EF Core's lock is a row, which a killed program leaves behind, and the next would wait for it for ever. Two programs cannot be
        // here at once: the data directory has one owner.
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS __EFMigrationsLock", cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
        DirectorySync.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static List<string> KnownMigrations() =>
        [.. typeof(SpoolSchema).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Migration)))
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Id)
            .Order(StringComparer.Ordinal)];

    private List<string> AppliedMigrations()
    {
        var applied = new List<string>();
        if (!File.Exists(path))
            return applied;

        using var connection = Open();
        if (Scalar(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'") == 0)
            return applied;

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            applied.Add(reader.GetString(0));
        return applied;
    }

    private bool HasMessages()
    {
        using var connection = Open();
        return Scalar(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'Messages'") > 0
            && Scalar(connection, "SELECT EXISTS (SELECT 1 FROM Messages)") > 0;
    }

    private void Backup(string pending)
    {
        var stamp = clock.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var copy = $"{path}.before-{pending}-{stamp}";
        using (var source = Open())
        using (var target = new SqliteConnection($"Data Source={copy};Pooling=False"))
        {
            target.Open();
            source.BackupDatabase(target);
        }

        using (var file = File.Open(copy, FileMode.Open, FileAccess.ReadWrite))
            file.Flush(flushToDisk: true);
        DirectorySync.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={path};Mode=ReadWrite;Pooling=False");
        connection.Open();
        return connection;
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
