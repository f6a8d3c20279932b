using System.Globalization;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The messages that are done, for people, page by page as <see cref="QueueListing"/>.</summary>
internal sealed class RetiredListing(SpoolDatabase database, TimeProvider clock)
{
    private const int RowsPerLook = 256;

    public RetiredPage List(RetiredFilter filter, RetiredPageRequest request)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        var parts = new List<string> { "1" };
        if (filter.Id is { } id)
            parts.Add($"QueueId = {Bind("$id", id)}");
        if (filter.Sender is { } sender)
            parts.Add(QueueCondition.SenderPattern(sender) is { Length: > 0 } pattern ? $"ReversePath LIKE {Bind("$sender", pattern)} ESCAPE '\\'" : "ReversePath = ''");
        if (filter.Recipient is { } recipient)
        {
            // In the text a TAB stands before and behind the address.
            var text = recipient.LastIndexOf('@') > 0 ? "\t" + QueueCondition.Like(QueueCondition.AddressText(recipient)) : "@" + QueueCondition.Like(QueueCondition.DomainText(recipient));
            parts.Add($"Recipients LIKE {Bind("$recipient", $"%{text}\t%")} ESCAPE '\\'");
        }

        var fits = string.Join(" AND ", parts);
        var (at, after) = CursorOf(request.Cursor);
        command.CommandText = $"""
            SELECT FinishedAt, QueueId, Journey, ReversePath, AcceptedAt, Octets, Recipients, ({fits}) FROM Retired
            WHERE {(filter.Id is null ? "1" : "QueueId = $id")} AND FinishedAt <= $at AND (FinishedAt, QueueId) < ($at, $after) AND FinishedAt >= $from AND FinishedAt < $before
            ORDER BY FinishedAt DESC, QueueId DESC
            """;
        command.Parameters.AddWithValue("$at", at);
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$from", filter.After?.ToUnixTimeMilliseconds() ?? long.MinValue);
        command.Parameters.AddWithValue("$before", filter.Before?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        return Read(command, request.Limit);

        string Bind(string name, object value) => command.Parameters.AddWithValue(name, value).ParameterName;
    }

    /// <summary>One message by its id.</summary>
    public RetiredMail? Find(string id) => List(new RetiredFilter { Id = id }, new RetiredPageRequest(1)).Messages.FirstOrDefault();

    private RetiredPage Read(SqliteCommand command, int limit)
    {
        using var rows = command.ExecuteReader();
        var messages = new List<RetiredMail>();
        var started = clock.GetTimestamp();
        var last = "";
        for (var row = 1; rows.Read(); row++)
        {
            if (messages.Count == limit || (row % RowsPerLook == 0 && clock.GetElapsedTime(started) > QueueListing.Patience))
                return new RetiredPage(messages, last);
            last = string.Create(CultureInfo.InvariantCulture, $"{rows.GetInt64(0)}/{rows.GetString(1)}");
            if (rows.GetBoolean(7))
                messages.Add(MailOf(rows));
        }

        return new RetiredPage(messages, null);
    }

    private static (long At, string After) CursorOf(string? text) =>
        text?.Split('/') is [var at, var id] && long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var instant) ? (instant, id) : (long.MaxValue, "");

    private static RetiredMail MailOf(SqliteDataReader row) => new(
        row.GetString(1), new JourneyId(row.GetGuid(2)).ToString(), $"<{row.GetString(3)}>",
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), row.GetInt64(5),
        [.. row.GetString(6).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(RecipientOf)]);

    private static RetiredRecipient RecipientOf(string line)
    {
        var fields = line.Split('\t');
        var state = (RecipientState)int.Parse(fields[0], CultureInfo.InvariantCulture);
        return new RetiredRecipient(fields[1], QueueListing.StateOf(state, fields[2]), Given(fields[2]), Given(fields[3]), Given(fields[4]));

        static string? Given(string text) => text.Length > 0 ? text : null;
    }
}
