using System.Globalization;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The queue for people, page by page. A page looks at rows for <see cref="Patience"/> at most and says where the next one goes on.</summary>
internal sealed class QueueListing(SpoolDatabase database, BodyFiles bodies, TimeProvider clock)
{
    /// <summary>How long one page may look for what it shall show.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    /// <summary>Rows between two looks at the clock.</summary>
    private const int RowsPerLook = 256;

    public QueuePage List(QueueFilter filter, QueuePageRequest request)
    {
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        var condition = QueueCondition.Of(filter, connection);
        if (condition.IsEmpty)
            return new QueuePage([], null);

        var (keys, next) = Keys(connection, condition, request);
        return new QueuePage(Load(connection, keys, condition, request.MaxRecipients), next);
    }

    /// <summary>A message with all its recipients.</summary>
    public (QueuedMailDetail Detail, IMessageContent Content)? Find(string id)
    {
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id, Related, HoldUntil, DeliverBy, Priority, EnvelopeId, Octets, BodyFile, Content FROM Messages LEFT JOIN Bodies ON MessageId = Id WHERE QueueId = $id";
        command.Parameters.AddWithValue("$id", id);
        using var row = command.ExecuteReader();
        if (!row.Read())
            return null;

        var mail = Load(connection, [row.GetInt64(0)], condition: null, int.MaxValue)[0];
        IMessageContent content = Text(row, 7) is { } file ? bodies.Open(file, row.GetInt64(6)) : new MemoryContent(row.GetFieldValue<byte[]>(8));
        return (new QueuedMailDetail(mail, null, null)
        {
            Related = row.IsDBNull(1) ? null : new JourneyId(row.GetGuid(1)).ToString(),
            HoldUntil = Instant(row, 2),
            DeliverBy = Instant(row, 3),
            Priority = row.IsDBNull(4) ? 0 : row.GetInt32(4),
            EnvelopeId = Text(row, 5),
        }, content);
    }

    /// <summary>What the number of a recipient's state says to people; a report that is made speaks of what its code says.</summary>
    public static QueueState StateOf(RecipientState state, string? status) => state switch
    {
        RecipientState.Waiting => QueueState.Waiting,
        RecipientState.Held => QueueState.Held,
        RecipientState.Failed => QueueState.Failed,
        RecipientState.Undeliverable => QueueState.Undeliverable,
        RecipientState.FailedSilently => QueueState.FailedSilently,
        RecipientState.Dropped => QueueState.Dropped,
        RecipientState.Reported => status is ['2', ..] ? QueueState.Delivered : QueueState.Returned,
        _ => QueueState.Delivered,
    };

    /// <summary>The keys of the messages of a page, and where the next page begins.</summary>
    private (List<long> Keys, string? Next) Keys(SqliteConnection connection, QueueCondition condition, QueuePageRequest request) =>
        request.Sort == QueueSort.NextAttempt ? ByNextAttempt(connection, condition, request) : ByAcceptance(connection, condition, request);

    private (List<long> Keys, string? Next) ByAcceptance(SqliteConnection connection, QueueCondition condition, QueuePageRequest request)
    {
        var newest = request.Sort == QueueSort.Newest;
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT r.MessageId, ({condition.Fits}) FROM Recipients r CROSS JOIN Messages m ON m.Id = r.MessageId
            WHERE {condition.Narrow} AND r.MessageId {(newest ? "<" : ">")} $after ORDER BY r.MessageId {(newest ? "DESC" : "")}
            """;
        condition.BindTo(command);
        var after = request.Cursor is { } cursor && long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : newest ? long.MaxValue : 0;
        command.Parameters.AddWithValue("$after", after);
        using var rows = command.ExecuteReader();
        var keys = new List<long>();
        var started = clock.GetTimestamp();
        var last = after;
        for (var row = 1; rows.Read(); row++)
        {
            var message = rows.GetInt64(0);
            // The recipients of the one before have all been seen.
            if (message != last && (keys.Count == request.Limit || (row % RowsPerLook == 0 && clock.GetElapsedTime(started) > Patience)))
                return (keys, last.ToString(CultureInfo.InvariantCulture));
            last = message;
            if (rows.GetBoolean(1) && (keys.Count == 0 || keys[^1] != message))
                keys.Add(message);
        }

        return (keys, null);
    }

    /// <summary>A message stands where the first of its recipients that are meant does.</summary>
    private (List<long> Keys, string? Next) ByNextAttempt(SqliteConnection connection, QueueCondition condition, QueuePageRequest request)
    {
        var after = NextAttemptCursor.Parse(request.Cursor);
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT r.NextAttemptAt, r.MessageId, ({condition.Fits}) AND NOT EXISTS (
                SELECT 1 FROM Recipients e WHERE e.MessageId = r.MessageId AND e.State = 0 AND e.NextAttemptAt < r.NextAttemptAt
                    AND {condition.Fits.Replace("r.", "e.", StringComparison.Ordinal)})
            FROM Recipients r CROSS JOIN Messages m ON m.Id = r.MessageId
            WHERE {condition.Narrow} AND r.State = 0 AND r.NextAttemptAt >= $at AND (r.NextAttemptAt, r.MessageId) > ($at, $message)
            ORDER BY r.NextAttemptAt, r.MessageId
            """;
        condition.BindTo(command);
        command.Parameters.AddWithValue("$at", after.At);
        command.Parameters.AddWithValue("$message", after.Message);
        using var rows = command.ExecuteReader();
        var keys = new List<long>();
        var started = clock.GetTimestamp();
        var last = after;
        for (var row = 1; rows.Read(); row++)
        {
            var here = new NextAttemptCursor(rows.GetInt64(0), rows.GetInt64(1));
            if (here != last && (keys.Count == request.Limit || (row % RowsPerLook == 0 && clock.GetElapsedTime(started) > Patience)))
                return (keys, last.ToString());
            last = here;
            if (rows.GetBoolean(2) && (keys.Count == 0 || keys[^1] != here.Message))
                keys.Add(here.Message);
        }

        return (keys, null);
    }

    /// <summary>The messages of some keys, in that order, with their recipients that are meant.</summary>
    private static List<QueuedMail> Load(SqliteConnection connection, List<long> keys, QueueCondition? condition, int maxRecipients)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT m.Id, m.QueueId, m.Octets, m.AcceptedAt, m.ReversePath, m.Journey,
                r.Address, r.Attempts, r.NextAttemptAt, r.Reason, r.State, r.LastAttemptAt, r.Status, r.RemoteHost, r.RemoteReply, r.NextHop
            FROM Messages m CROSS JOIN Recipients r ON r.MessageId = m.Id WHERE m.Id IN ({string.Join(',', keys)}) AND {condition?.Fits ?? "1"} ORDER BY m.Id, r.Id
            """;
        condition?.BindTo(command);
        using var rows = command.ExecuteReader();
        var found = new Dictionary<long, (QueuedMail Mail, List<QueuedMailRecipient> Recipients, int Count)>(keys.Count);
        while (rows.Read())
        {
            var key = rows.GetInt64(0);
            var (mail, recipients, count) = found.TryGetValue(key, out var seen) ? seen : MailOf(rows);
            if (count < maxRecipients)
                recipients.Add(RecipientOf(rows));
            found[key] = (mail, recipients, count + 1);
        }

        return [.. keys.Where(found.ContainsKey).Select(key => found[key].Mail with { RecipientCount = found[key].Count })];
    }

    private static (QueuedMail Mail, List<QueuedMailRecipient> Recipients, int Count) MailOf(SqliteDataReader row)
    {
        var recipients = new List<QueuedMailRecipient>();
        return (new QueuedMail(row.GetString(1), row.GetInt64(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)), $"<{row.GetString(4)}>", recipients)
        {
            Journey = new JourneyId(row.GetGuid(5)).ToString(),
        }, recipients, 0);
    }

    private static QueuedMailRecipient RecipientOf(SqliteDataReader row) => new(row.GetString(6), row.GetInt32(7), Instant(row, 8), Text(row, 14) ?? Text(row, 9))
    {
        State = StateOf((RecipientState)row.GetInt32(10), Text(row, 12)),
        LastAttemptAt = Instant(row, 11),
        Status = Text(row, 12),
        RemoteHost = Text(row, 13),
        RemoteReply = Text(row, 14),
        NextHop = Text(row, 15),
    };

    private static DateTimeOffset? Instant(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private readonly record struct NextAttemptCursor(long At, long Message)
    {
        public static NextAttemptCursor Parse(string? text) =>
            text?.Split('/') is [var at, var message]
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var instant) && long.TryParse(message, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
                ? new NextAttemptCursor(instant, key)
                : new NextAttemptCursor(0, 0);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}/{Message}");
    }
}
