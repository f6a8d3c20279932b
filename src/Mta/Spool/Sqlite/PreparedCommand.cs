using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>A statement that is parsed once and run many times, with parameters <c>$1</c>, <c>$2</c>, … in order.</summary>
internal sealed class PreparedCommand : IDisposable
{
    private readonly SqliteCommand _command;

    public PreparedCommand(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
            _command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}", Value = DBNull.Value });
        _command.Prepare();
    }

    /// <summary>Runs it; the number of rows changed.</summary>
    public int Run(params ReadOnlySpan<object?> values) => Bound(values).ExecuteNonQuery();

    /// <summary>Runs it; the first column of the first row, or <see langword="null"/> when there is no row.</summary>
    public object? Ask(params ReadOnlySpan<object?> values) => Bound(values).ExecuteScalar();

    public void Dispose() => _command.Dispose();

    private SqliteCommand Bound(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return _command;
    }
}
