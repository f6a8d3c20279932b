using MailSuite.Mta.Envelope;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>Finds, so many at a time, the recipients for whom an order can be done.</summary>
internal sealed class QueueSelection(SpoolDatabase database)
{
    /// <summary>The last message that is there now: what comes later is not meant by an order given now.</summary>
    public long Newest()
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COALESCE(MAX(Id), 0) FROM Messages";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The next recipients behind a place, in the order of messages.</summary>
    /// <param name="after">The last one before: the row of its message and its own.</param>
    /// <param name="newest">The last message that is meant.</param>
    /// <param name="fetched">Destinations whose host comes for its mail, which a retry leaves alone.</param>
    public List<OrderedRecipient> Next(
        QueueOrder order, QueueFilter filter, (long Message, long Recipient) after, long newest, IReadOnlyCollection<string> fetched, DateTimeOffset now, int limit)
    {
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        var condition = QueueCondition.Of(filter, connection);
        if (condition.IsEmpty)
            return [];

        using var command = connection.CreateCommand();
        condition.BindTo(command);
        command.CommandText = $"""
            SELECT r.MessageId, r.Id, m.QueueId, m.Journey, m.ReversePath = '', r.Address, r.Notify, r.Route, COALESCE(r.RemoteReply, r.Reason)
            FROM Recipients r CROSS JOIN Messages m ON m.Id = r.MessageId
            WHERE {condition.Narrow} AND r.MessageId >= $message AND (r.MessageId, r.Id) > ($message, $recipient) AND r.MessageId <= $newest
                AND {condition.Fits} AND {Ready(order.Action, fetched, command)}
            ORDER BY r.MessageId, r.Id LIMIT $limit
            """;
        command.Parameters.AddWithValue("$message", after.Message);
        command.Parameters.AddWithValue("$recipient", after.Recipient);
        command.Parameters.AddWithValue("$newest", newest);
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$limit", limit);
        using var rows = command.ExecuteReader();
        var recipients = new List<OrderedRecipient>();
        while (rows.Read())
        {
            var recipient = new EnvelopeRecipient(EnvelopeAddress.Parse(rows.GetString(5)))
            {
                Notify = (Notify)rows.GetInt32(6),
                Route = rows.IsDBNull(7) ? [] : [.. rows.GetString(7).Split(',').Select(Domain.Parse)],
            };
            recipients.Add(new OrderedRecipient(
                rows.GetInt64(0), rows.GetInt64(1), new QueueId(rows.GetString(2)), new JourneyId(rows.GetGuid(3)), rows.GetBoolean(4), recipient,
                rows.IsDBNull(8) ? null : rows.GetString(8)));
        }

        return recipients;
    }

    /// <summary>Whether an order can be done for a recipient as it is.</summary>
    private static string Ready(QueueAction action, IReadOnlyCollection<string> fetched, SqliteCommand command)
    {
        switch (action)
        {
            case QueueAction.Retry:
                var names = fetched.Select((destination, i) => command.Parameters.AddWithValue($"$d{i}", destination).ParameterName).ToList();
                return $"r.State = 0 AND r.NextAttemptAt > $now AND COALESCE(m.HoldUntil, 0) <= $now AND r.Destination NOT IN ({string.Join(',', names)})";
            case QueueAction.Hold:
                return "r.State = 0";
            case QueueAction.Release:
                return "r.State = 9";
            case QueueAction.Drop:
                return "r.State IN (0, 4, 9)";
            default:
                return "r.State IN (0, 9)";
        }
    }
}
