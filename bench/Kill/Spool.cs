using System.Text;
using Microsoft.Data.Sqlite;

namespace MailSuite.Bench.Kill;

/// <summary>Looks into the database of the spool from outside.</summary>
internal static class Spool
{
    /// <summary>The header of each message that is to be tried, read when the program is dead: what a start would find.</summary>
    public static IReadOnlyList<string> Waiting(string directory)
    {
        using var connection = Open(directory, SqliteOpenMode.ReadWrite);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT CAST(SUBSTR(Content, 1, 2000) AS BLOB) FROM Bodies WHERE MessageId IN (SELECT MessageId FROM Recipients WHERE State = 0)";
        using var rows = command.ExecuteReader();
        var headers = new List<string>();
        while (rows.Read())
            headers.Add(Encoding.Latin1.GetString((byte[])rows[0]).ReplaceLineEndings("\n"));
        return headers;
    }

    /// <summary>Messages in it.</summary>
    public static long Count(string directory)
    {
        using var connection = Open(directory, SqliteOpenMode.ReadOnly);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM Messages";
        return (long)command.ExecuteScalar()!;
    }

    public static SqliteConnection Open(string directory, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, "mta.db"), Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
