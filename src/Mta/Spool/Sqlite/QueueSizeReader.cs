using MailSuite.Mta.Metrics;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>Counts recipients for the metrics.</summary>
internal static class QueueSizeReader
{
    /// <summary>All but what is held. Each is counted in an index that has no other rows.</summary>
    public static QueueSize Waiting(SqliteConnection connection, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT (SELECT COUNT(*) FROM Recipients WHERE State = 0 AND NextAttemptAt > $now), (SELECT COUNT(*) FROM Recipients WHERE State = 0 AND NextAttemptAt <= $now),
                (SELECT COUNT(*) FROM Recipients WHERE State IN (2, 5, 6, 7)), (SELECT COUNT(*) FROM Recipients WHERE State = 4)
            """;
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        using var rows = command.ExecuteReader();
        rows.Read();
        return new QueueSize(rows.GetInt64(0), rows.GetInt64(1), 0, rows.GetInt64(2), rows.GetInt64(3));
    }

    /// <summary>Walks over all recipients.</summary>
    public static long Held(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM Recipients WHERE State = 9";
        return (long)command.ExecuteScalar()!;
    }
}
