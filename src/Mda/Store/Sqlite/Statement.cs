using SQLitePCL;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>One prepared statement of one connection: bind from 1, step, read columns from 0. Allocates nothing but the strings read.</summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    internal Statement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public void Dispose() => _statement.Dispose();

    internal void Reset()
    {
        // The code is that of the last step, which has been thrown already.
        _ = raw.sqlite3_reset(_statement);
        _ = raw.sqlite3_clear_bindings(_statement);
    }

    internal Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    internal Statement Bind(int index, long? value) => value is { } number ? Bind(index, number) : BindNull(index);

    internal Statement Bind(int index, string? value)
    {
        if (value is null)
            return BindNull(index);
        Check(raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    internal Statement BindBlob(int index, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, index, 0) : raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    internal Statement Bind(int index, Guid value)
    {
        Span<byte> octets = stackalloc byte[16];
        value.TryWriteBytes(octets, bigEndian: true, out _);
        return BindBlob(index, octets);
    }

    internal Statement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    /// <summary>Goes to the next row; after the last one the statement is ready for its next use.</summary>
    /// <exception cref="StoreFault">The database refused.</exception>
    internal bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;

        if (code == raw.SQLITE_DONE)
        {
            Reset();
            return false;
        }

        var fault = Fault(code);
        Reset();
        throw fault;
    }

    /// <summary>Runs a statement that gives no rows, or whose rows do not matter.</summary>
    internal void Run()
    {
        while (Step())
        {
        }
    }

    internal bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    internal long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    internal long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    internal string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string() ?? string.Empty;

    internal string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Valid until the next step.</summary>
    internal ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    internal Guid? GuidOrNull(int column) => IsNull(column) ? null : new Guid(Blob(column), bigEndian: true);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw Fault(code);
    }

    private StoreFault Fault(int code) => new(code & 0xFF, raw.sqlite3_errmsg(_database).utf8_to_string());
}
