using System.Reflection;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MailSuite.Mua.Journey.Sqlite;

/// <summary>The file <c>mua.db</c>: brings its schema up to date, writes batches of events, removes old ones.</summary>
/// <remarks>
/// WAL with synchronous=NORMAL: a power cut may take the last batches, never the file. <see cref="Append"/> and <see cref="RemoveSome"/> are
/// the one writer's; readers open connections of their own.
/// </remarks>
internal sealed class JourneyDatabase(MuaOptions options) : IReadiness, IDisposable
{
    private readonly string _path = Path.Combine(options.DataDirectory, "mua.db");
    private SqliteConnection? _writer;
    private JourneyInserts? _inserts;

    public string Name => "mua store";

    /// <summary>Makes or migrates the schema, after a copy of the file when there is data in it.</summary>
    /// <exception cref="InvalidOperationException">The file was written by a newer program; it is left as it is.</exception>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var known = KnownMigrations();
        var hasData = new FileInfo(_path) is { Exists: true, Length: > 0 };
        var applied = await AppliedMigrationsAsync(cancellationToken);
        if (applied.FirstOrDefault(id => !known.Contains(id, StringComparer.Ordinal)) is { } stranger)
        {
            throw new InvalidOperationException(
                $"The database {_path} was written by a newer MailSuite (it has the migration {stranger}). Start that version, or move the file away to begin with an empty one.");
        }

        // Asking EF Core costs a second of building its model, so it is asked only when something is pending.
        if (applied.Count < known.Count)
            await MigrateAsync(known[applied.Count], hasData, cancellationToken);

        _writer = Open();
        Execute(_writer, "PRAGMA journal_mode = WAL");
        _inserts = new JourneyInserts(_writer);
    }

    internal void Append(IReadOnlyList<JourneyEvent> events)
    {
        using var transaction = _writer!.BeginTransaction();
        _inserts!.Insert(events, transaction);
        transaction.Commit();
    }

    /// <summary>Removes one chunk of what is older than <paramref name="cutoff"/> or beyond the number to keep, the oldest first.</summary>
    /// <returns>Whether there may be more to remove.</returns>
    internal bool RemoveSome(DateTimeOffset cutoff, long maxEvents)
    {
        var (first, last) = (Number("SELECT min(Id) FROM Events"), Number("SELECT max(Id) FROM Events"));
        if (first is null || last is null)
            return false;

        // Only the oldest are ever removed, so the ids between are without gaps and tell the number.
        var tooMany = last.Value - first.Value + 1 - maxEvents;
        var boundByNumber = first.Value - 1 + Math.Clamp(tooMany, 0, JourneyStoreLimits.SweepChunk);
        var boundByAge = Number(
            "SELECT max(Id) FROM (SELECT Id, At FROM Events ORDER BY Id LIMIT $chunk) WHERE At < $cutoff",
            ("$chunk", JourneyStoreLimits.SweepChunk), ("$cutoff", cutoff.UtcTicks)) ?? 0;
        var bound = Math.Max(boundByNumber, boundByAge);
        if (bound < first.Value)
            return false;

        using var transaction = _writer!.BeginTransaction();
        Execute(
            _writer,
            """
            DELETE FROM Journeys WHERE Id IN (SELECT DISTINCT Journey FROM Events WHERE Id <= $bound)
              AND NOT EXISTS (SELECT 1 FROM Events WHERE Events.Journey = Journeys.Id AND Events.Id > $bound);
            DELETE FROM Events WHERE Id <= $bound;
            """,
            ("$bound", bound));
        transaction.Commit();
        return true;
    }

    /// <summary>A connection of the caller's own, open.</summary>
    internal SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, DefaultTimeout = 5 }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000");
        return connection;
    }

    public ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var connection = Open();
            Execute(connection, "SELECT 1 FROM Journeys LIMIT 1");
            return ValueTask.FromResult<string?>(null);
        }
        catch (SqliteException e)
        {
            return ValueTask.FromResult<string?>($"The journeys in {_path} cannot be read: {e.Message}");
        }
    }

    public void Dispose()
    {
        _inserts?.Dispose();
        if (_writer is null)
            return;

        var pool = _writer;
        _writer.Dispose();
        // A pooled handle would keep the file open after the program thinks it closed.
        SqliteConnection.ClearPool(pool);
    }

    private static IReadOnlyList<string> KnownMigrations() =>
    [
        .. typeof(MuaDbContext).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Migration)))
            .Select(t => t.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>().Order(StringComparer.Ordinal),
    ];

    private async Task<IReadOnlyList<string>> AppliedMigrationsAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_path))
            return [];

        var applied = new List<string>();
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsHistory'";
        if ((long)(await command.ExecuteScalarAsync(cancellationToken))! == 0)
            return [];

        command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            applied.Add(reader.GetString(0));
        return applied;
    }

    private async Task MigrateAsync(string firstPending, bool hasData, CancellationToken cancellationToken)
    {
        if (hasData)
        {
            using var source = Open();
            using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = $"{_path}.before-{firstPending}", Pooling = false }.ToString());
            copy.Open();
            source.BackupDatabase(copy);
        }

        await using var context = new MuaDbContext(new DbContextOptionsBuilder<MuaDbContext>().UseSqlite($"Data Source={_path}").Options);
        await context.Database.OpenConnectionAsync(cancellationToken);
        // EF Core's lock is a row, which a killed program leaves behind, and the next would wait for it for ever. Two programs cannot be
        // here at once: the data directory has one owner.
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS __EFMigrationsLock", cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
    }

    private long? Number(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(_writer!, sql, parameters);
        return command.ExecuteScalar() as long?;
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
