using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>One connection to <c>mda.db</c> with its prepared statements; used by one thread at a time.</summary>
internal sealed class StoreConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    private StoreConnection(SqliteConnection connection)
    {
        _connection = connection;
        _handle = connection.Handle!;
    }

    /// <summary>Rows that the last statement inserted, changed or removed.</summary>
    internal int Changes => raw.sqlite3_changes(_handle);

    internal long LastInsertId => raw.sqlite3_last_insert_rowid(_handle);

    internal bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
        _connection.Dispose();
    }

    internal static StoreConnection OpenForWriting(string path, TimeSpan busyTimeout)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite, busyTimeout);
        // A sync a transaction is the promise of 250. The WAL is folded back every 16 MiB: less often than by default, so that fewer
        // deliveries wait for it, and still small enough to be read quickly after a crash.
        connection.Execute("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-16384;");
        return connection;
    }

    internal static StoreConnection OpenForReading(string path, TimeSpan busyTimeout)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite, busyTimeout);
        connection.Execute("PRAGMA query_only=ON; PRAGMA cache_size=-4096; PRAGMA mmap_size=268435456;");
        return connection;
    }

    /// <summary>Gives the prepared statement for <paramref name="sql"/>, reset. The number of different texts must be bounded.</summary>
    internal Statement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement))
        {
            statement.Reset();
            return statement;
        }

        statement = new Statement(_handle, sql);
        _statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Runs statements that are not worth preparing.</summary>
    internal void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK)
            throw new StoreFault(code & 0xFF, raw.sqlite3_errmsg(_handle).utf8_to_string());
    }

    /// <summary>Ends every row that is still being read, which would hold an old snapshot and keep the WAL from being folded back.</summary>
    internal void ResetAll()
    {
        foreach (var statement in _statements.Values)
            statement.Reset();
    }

    private static StoreConnection Open(string path, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            var opened = new StoreConnection(connection);
            opened.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={(long)busyTimeout.TotalMilliseconds};"));
            return opened;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new StoreFault(exception.SqliteErrorCode, exception.Message);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
