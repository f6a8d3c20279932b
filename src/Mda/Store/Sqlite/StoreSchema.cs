using System.Reflection;
using MailSuite.Mda.Store.Model;
using MailSuite.Shared.Disk;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Brings <c>mda.db</c> to the schema of this program, or refuses (Store/README.md, "The schema").</summary>
internal static partial class StoreSchema
{
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(50);

    /// <summary>The migrations that this program has, oldest first.</summary>
    internal static IReadOnlyList<string> Known { get; } =
    [
        .. typeof(MdaDbContext).Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<MigrationAttribute>(inherit: false)?.Id)
            .OfType<string>()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Makes the file when it is not there, and migrates it when it is older than the program.</summary>
    /// <exception cref="StoreSchemaException">The file is newer than the program, or is no database.</exception>
    internal static async Task EnsureAsync(string path, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        if (IsCurrent(path))
            return;

        // Two programs may start at once. EF has a lock of its own, but it is a row, and a killed program leaves it for ever.
        using var held = await LockAsync(path + ".migrating", clock, cancellationToken);
        if (IsCurrent(path))
            return;

        if (File.Exists(path) && new FileInfo(path).Length > 0)
        {
            var applied = ReadApplied(path);
            var copy = $"{path}.before-{Known.First(id => !applied.Contains(id))}";
            BackUp(path, copy);
            LogMigrating(logger, path, copy);
        }

        await MigrateAsync(path, cancellationToken);
    }

    private static bool IsCurrent(string path)
    {
        var applied = ReadApplied(path);
        var unknown = applied.Except(Known, StringComparer.Ordinal).Order(StringComparer.Ordinal).LastOrDefault();
        return unknown is null
            ? applied.Count == Known.Count
            : throw new StoreSchemaException(
                $"{path} was written by a newer version of MailSuite: its schema is {unknown}, this program knows up to {Known[^1]}. " +
                $"Start the newer version again, or go back to the copy that it made before its first change ({path}.before-…).");
    }

    private static HashSet<string> ReadApplied(string path)
    {
        var applied = new HashSet<string>(StringComparer.Ordinal);
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            return applied;

        try
        {
            using var connection = Open(path);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsHistory'";
            if (command.ExecuteScalar() is 0L)
                return applied;

            command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory";
            using var rows = command.ExecuteReader();
            while (rows.Read())
                applied.Add(rows.GetString(0));
            return applied;
        }
        catch (SqliteException exception)
        {
            throw new StoreSchemaException($"{path} cannot be read as a database ({exception.Message}). Put back a copy of it, or move it away to begin with an empty store.");
        }
    }

    /// <summary>Copies the database as it is after its last commit, WAL included; the copy appears whole or not at all.</summary>
    private static void BackUp(string path, string copy)
    {
        var unfinished = copy + ".tmp";
        File.Delete(unfinished);
        using (var connection = Open(path))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $copy";
            command.Parameters.AddWithValue("$copy", unfinished);
            command.ExecuteNonQuery();
        }

        DirectorySync.SyncFile(unfinished);
        File.Move(unfinished, copy, overwrite: true);
        DirectorySync.Sync(Path.GetDirectoryName(copy)!);
    }

    private static async Task MigrateAsync(string path, CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<MdaDbContext>()
            .UseSqlite(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString)
            // Compares the model with the last migration, which the tests do; here it would only delay the start.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options;
        await using var context = new MdaDbContext(options);
        await context.Database.OpenConnectionAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL; DROP TABLE IF EXISTS __EFMigrationsLock;", cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
    }

    private static async Task<FileStream> LockAsync(string path, TimeProvider clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(LockRetry, clock, cancellationToken);
            }
        }
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} is brought to the schema of this version; {Copy} is how it was before.")]
    private static partial void LogMigrating(ILogger logger, string path, string copy);
}
