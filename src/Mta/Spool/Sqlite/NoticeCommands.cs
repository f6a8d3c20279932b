using System.Globalization;
using MailSuite.Mta.Notices;
using MailSuite.Shared.Addressing;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The outbox of the webhooks. The payload of a row is its target's name, its id and its JSON, a line each.</summary>
/// <remarks>What writes is used by <see cref="SpoolWriter"/> alone, inside its transaction.</remarks>
internal static class NoticeCommands
{
    private const char End = '\n';

    /// <summary>Adds a row.</summary>
    /// <returns>Its key; the later, the larger.</returns>
    public static long Add(SqliteConnection connection, NewNotice notice, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO Notices (Event, At, Payload, Attempts, NextAttemptAt) VALUES ($event, $now, $payload, 0, $now) RETURNING Id";
        command.Parameters.AddWithValue("$event", (int)notice.What);
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$payload", string.Join(End, notice.Target, notice.Id, notice.Json));
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The reverse-paths of messages, by their rows.</summary>
    public static Dictionary<long, ReversePath> Senders(SqliteConnection connection, IEnumerable<long> messages)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT Id, ReversePath FROM Messages WHERE Id IN ({string.Join(',', messages.Distinct().Select(key => key.ToString(CultureInfo.InvariantCulture)))})";
        using var rows = command.ExecuteReader();
        var senders = new Dictionary<long, ReversePath>();
        while (rows.Read())
            senders.Add(rows.GetInt64(0), SpoolReader.ReversePathOf(rows.GetString(1)));
        return senders;
    }

    /// <summary>All rows as they were added.</summary>
    public static IReadOnlyList<NoticeEntry> All(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id, substr(Payload, 1, instr(Payload, char(10)) - 1), Attempts, NextAttemptAt FROM Notices ORDER BY Id";
        using var rows = command.ExecuteReader();
        var all = new List<NoticeEntry>();
        while (rows.Read())
            all.Add(new NoticeEntry(rows.GetInt64(0), string.Intern(rows.GetString(1)), rows.GetInt32(2), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(3))));
        return all;
    }

    /// <returns><see langword="null"/> when it is not there any more.</returns>
    public static Notice? Find(SqliteConnection connection, long key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Payload, At, Attempts FROM Notices WHERE Id = $key";
        command.Parameters.AddWithValue("$key", key);
        using var rows = command.ExecuteReader();
        if (!rows.Read())
            return null;

        var payload = rows.GetString(0).Split(End, 3);
        return new Notice(key, payload[1], payload[2], DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)), rows.GetInt32(2));
    }

    /// <summary>Notes a post that was in vain.</summary>
    public static int PutOff(SqliteConnection connection, long key, int attempts, DateTimeOffset nextAttemptAt, string error)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE Notices SET Attempts = $attempts, NextAttemptAt = $next, LastError = $error WHERE Id = $key";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$attempts", attempts);
        command.Parameters.AddWithValue("$next", nextAttemptAt.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$error", error);
        return command.ExecuteNonQuery();
    }

    /// <param name="keys">A thousand at most.</param>
    public static int Remove(SqliteConnection connection, IReadOnlyList<long> keys)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"DELETE FROM Notices WHERE Id IN ({string.Join(',', keys.Select(key => key.ToString(CultureInfo.InvariantCulture)))})";
        return command.ExecuteNonQuery();
    }
}
