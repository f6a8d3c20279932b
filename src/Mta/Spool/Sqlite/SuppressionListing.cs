using MailSuite.Shared.Journey;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The list of addresses to which nothing is sent, as it is read.</summary>
internal sealed class SuppressionListing(SpoolDatabase database)
{
    private const string Columns = "SELECT Address, Since, Status, Reason, RemoteHost, RemoteReply, QueueId, Journey, Manual FROM Suppressions ";

    public SuppressionEntry? Find(string address)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = Columns + "WHERE Address = $address";
        command.Parameters.AddWithValue("$address", address);
        return Read(command).FirstOrDefault();
    }

    /// <param name="text">Part of the address; <see langword="null"/> for all.</param>
    /// <param name="notBefore">Older ones are left out, unless a person has added them.</param>
    public List<SuppressionEntry> List(string? text, string? after, DateTimeOffset notBefore, int limit)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = Columns + "WHERE Address > $after AND Address LIKE $text ESCAPE '\\' AND (Manual OR Since >= $since) ORDER BY Address LIMIT $limit";
        command.Parameters.AddWithValue("$after", after ?? "");
        command.Parameters.AddWithValue("$text", $"%{QueueCondition.Like(text ?? "")}%");
        command.Parameters.AddWithValue("$since", notBefore.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$limit", limit);
        return [.. Read(command)];
    }

    /// <summary>The addresses alone.</summary>
    public List<string> Addresses(int limit)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Address FROM Suppressions LIMIT $limit";
        command.Parameters.AddWithValue("$limit", limit);
        using var rows = command.ExecuteReader();
        var addresses = new List<string>();
        while (rows.Read())
            addresses.Add(rows.GetString(0));
        return addresses;
    }

    private static IEnumerable<SuppressionEntry> Read(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return new SuppressionEntry(
                rows.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)), Text(rows, 2), rows.GetString(3), Text(rows, 4), Text(rows, 5),
                Text(rows, 6) is { } id ? new QueueId(id) : null, rows.IsDBNull(7) ? null : new JourneyId(rows.GetGuid(7)), rows.GetBoolean(8));
        }
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
