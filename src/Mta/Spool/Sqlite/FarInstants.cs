using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>
/// Instants that lie further ahead than a wait of the schedule can: they were reckoned on a clock that went back since, and what waits for
/// them would seem stuck. To bring them back twice does nothing more, so it is done at every start and every hour as well.
/// </summary>
internal static class FarInstants
{
    /// <summary>What waits so long, the longest wait first in the index of what waits.</summary>
    private const string Far = """
        SELECT r.Id FROM Recipients r JOIN Messages m ON m.Id = r.MessageId
        WHERE r.State = 0 AND r.NextAttemptAt > $latest AND r.Destination NOT IN (SELECT value FROM json_each($except))
            AND (($keepAges AND m.AcceptedAt > $now) OR m.HoldUntil IS NULL OR m.HoldUntil <= $now)
        LIMIT $limit
        """;

    /// <summary>A message accepted in what is still to come keeps its age and all its waits: everything of it moves by the same time.</summary>
    private const string MoveRecipients = $"""
        UPDATE Recipients SET NextAttemptAt = NextAttemptAt - m.AcceptedAt + $now, LastAttemptAt = LastAttemptAt - m.AcceptedAt + $now, NoticeAt = $now
        FROM Messages m WHERE m.Id = MessageId AND m.AcceptedAt > $now AND MessageId IN (SELECT MessageId FROM Recipients WHERE Id IN ({Far})) RETURNING MessageId
        """;

    private const string MoveMessages = """
        UPDATE Messages SET AcceptedAt = $now, DeliverBy = DeliverBy - AcceptedAt + $now, HoldUntil = HoldUntil - AcceptedAt + $now
        WHERE AcceptedAt > $now AND Id IN (SELECT value FROM json_each($moved))
        """;

    /// <summary>The others are tried some time within the longest wait, so that they do not come all at once.</summary>
    private const string Spread = $"UPDATE Recipients SET NextAttemptAt = $now + abs(random() % ($latest - $now + 1)) WHERE Id IN ({Far})";

    /// <param name="keepAges">
    /// Whether the clock was put back on purpose, so that a message accepted in what is still to come is moved as a whole. A clock that is wrong for a
    /// while, as that of a machine that starts without one, must not make mail old: what it has moved would be over when the clock is right again.
    /// </param>
    /// <returns>How many recipients; when they are as many as the limit, or more, there may be others.</returns>
    public static int BringBack(SqliteConnection connection, DateTimeOffset now, TimeSpan longest, IReadOnlyCollection<string> except, bool keepAges, int limit)
    {
        var moved = new List<long>();
        if (keepAges)
        {
            using var move = Command(MoveRecipients);
            using var rows = move.ExecuteReader();
            while (rows.Read())
                moved.Add(rows.GetInt64(0));
        }

        if (moved.Count > 0)
        {
            using var messages = Command(MoveMessages);
            messages.Parameters.AddWithValue("$moved", JsonSerializer.Serialize(moved.Distinct()));
            messages.ExecuteNonQuery();
        }

        using var spread = Command(Spread);
        return moved.Count + spread.ExecuteNonQuery();

        SqliteCommand Command(string text)
        {
            var command = connection.CreateCommand();
            command.CommandText = text;
            command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("$latest", (now + longest).ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("$except", JsonSerializer.Serialize(except));
            command.Parameters.AddWithValue("$keepAges", keepAges);
            command.Parameters.AddWithValue("$limit", limit);
            return command;
        }
    }
}
