using System.Globalization;
using MailSuite.Mta.Envelope;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>Everything that is read from the spool, on connections that never hold up the writer.</summary>
internal sealed class SpoolReader(SpoolDatabase database, BodyFiles bodies)
{
    /// <summary>The entries that are due behind a place in the order of their due times, so many at most; an entry comes once for each instant at which recipients of it are due.</summary>
    /// <param name="urgent">Only what has a priority above 0.</param>
    public List<DueEntry> Due(DuePlace after, DateTimeOffset now, int limit, bool urgent = false)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT NextAttemptAt, MessageId, Destination, Sender, Priority FROM Recipients WHERE State = 0 {(urgent ? "AND Priority > 0 " : "")}
            AND (NextAttemptAt, MessageId, Destination) > ($at, $message, $destination) AND NextAttemptAt <= $now
            ORDER BY NextAttemptAt, MessageId, Destination LIMIT $limit
            """;
        command.Parameters.AddWithValue("$at", after.At);
        command.Parameters.AddWithValue("$message", after.MessageKey);
        command.Parameters.AddWithValue("$destination", after.Destination);
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$limit", limit);
        using var rows = command.ExecuteReader();
        var entries = new List<DueEntry>();
        while (rows.Read())
            entries.Add(new DueEntry(rows.GetInt64(0), new QueueEntry(rows.GetInt64(1), rows.GetString(2)) { Sender = rows.GetInt64(3), Priority = rows.GetInt32(4) }));
        return entries;
    }

    /// <summary>The entries of one destination that are due, some of each sender in turn.</summary>
    /// <param name="round">After whom to begin; afterwards, after whom to go on.</param>
    /// <param name="wanted">Whether an entry is wanted; one that the caller has already is not.</param>
    /// <param name="limit">Entries at most.</param>
    /// <param name="isAll">Whether there are no more.</param>
    public List<QueueEntry> DueInTurn(string destination, DateTimeOffset now, SenderRound round, Func<QueueEntry, bool> wanted, int limit, out bool isAll)
    {
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var senders = connection.CreateCommand();
        senders.CommandText = """
            SELECT Sender FROM Recipients WHERE State = 0 AND Destination = $destination AND Sender > $after ORDER BY Sender LIMIT 1
            """;
        senders.Parameters.AddWithValue("$destination", destination);
        var after = senders.Parameters.AddWithValue("$after", round.Turn);
        using var ofSender = connection.CreateCommand();
        ofSender.CommandText = """
            SELECT MessageId, Priority FROM Recipients WHERE State = 0 AND Destination = $destination AND Sender = $sender AND NextAttemptAt <= $now ORDER BY NextAttemptAt, MessageId
            """;
        ofSender.Parameters.AddWithValue("$destination", destination);
        ofSender.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        var sender = ofSender.Parameters.AddWithValue("$sender", 0L);

        var entries = new List<QueueEntry>();
        round.GoOn(destination);
        isAll = false;
        var cut = false;
        var each = Math.Max(1, limit / SendersATurn);
        for (var seen = 0; seen < MaxSendersSeen; seen++)
        {
            after.Value = round.Turn;
            if (senders.ExecuteScalar() is not long next)
            {
                // The round ends where it began: with the sender that was the last to be served before.
                var isOver = round.HasTurned || round.Begun == long.MinValue;
                round.TurnAround();
                if (!isOver)
                    continue;
                isAll = !cut;
                round.BeginAnew();
                return entries;
            }

            if (round.HasTurned && next > round.Begun)
            {
                isAll = !cut;
                round.BeginAnew();
                return entries;
            }

            sender.Value = next;
            cut |= ReadSome(ofSender, destination, next, wanted, Math.Min(each, limit - entries.Count), entries);
            round.Turn = next;
            if (entries.Count >= limit)
                break;
        }

        // Only a round in which nothing is found says that there is nothing, however many readings it takes.
        if (entries.Count > 0)
            round.BeginAnew();
        return entries;
    }

    /// <summary>Senders that share one reading.</summary>
    private const int SendersATurn = 8;

    /// <summary>Senders looked at in one reading; each is one step in the index.</summary>
    private const int MaxSendersSeen = 1000;

    /// <returns>Whether there are more.</returns>
    private static bool ReadSome(SqliteCommand command, string destination, long sender, Func<QueueEntry, bool> wanted, int limit, List<QueueEntry> entries)
    {
        using var rows = command.ExecuteReader();
        var last = -1L;
        for (var taken = 0; rows.Read();)
        {
            var entry = new QueueEntry(rows.GetInt64(0), destination) { Sender = sender, Priority = rows.GetInt32(1) };
            if (entry.MessageKey == last || !wanted(entry) || (taken > 0 && entries.Contains(entry)))
                continue;
            if (taken == limit)
                return true;
            entries.Add(entry);
            last = entry.MessageKey;
            taken++;
        }

        return false;
    }

    /// <summary>The entries of one destination that are due, those of the highest priority first, read while they are enumerated.</summary>
    public IEnumerable<QueueEntry> DueFor(string destination, DateTimeOffset now)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT MessageId, Priority, Sender FROM Recipients WHERE State = 0 AND NextAttemptAt <= $now AND Destination = $destination
            ORDER BY Priority DESC, NextAttemptAt, MessageId
            """;
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$destination", destination);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return new QueueEntry(rows.GetInt64(0), destination) { Priority = rows.GetInt32(1), Sender = rows.GetInt64(2) };
    }

    /// <summary>How many messages wait for a destination, due or not, but for those whose sender has set a later time (RFC 4865); counted up to a limit.</summary>
    public int CountWaiting(string destination, DateTimeOffset now, int limit)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT COUNT(*) FROM (SELECT DISTINCT MessageId FROM Recipients WHERE State = 0 AND Destination = $destination
                AND NOT EXISTS (SELECT 1 FROM Messages WHERE Messages.Id = MessageId AND HoldUntil > $now) LIMIT $limit)
            """;
        command.Parameters.AddWithValue("$destination", destination);
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$limit", limit);
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>The first instant after another at which something is due; <see langword="null"/> when nothing waits for one.</summary>
    public DateTimeOffset? NextDue(DateTimeOffset after) => First("SELECT NextAttemptAt FROM Recipients WHERE State = 0 AND NextAttemptAt > $after ORDER BY NextAttemptAt LIMIT 1", after);

    /// <summary>The first instant after another at which there is something to be told or decided; <see langword="null"/> when nothing waits.</summary>
    public DateTimeOffset? NextNotice(DateTimeOffset after) => First("SELECT NoticeAt FROM Recipients WHERE State = 0 AND NoticeAt > $after ORDER BY NoticeAt LIMIT 1", after);

    /// <summary>Messages of which something is to be told or decided by an instant, the most overdue first.</summary>
    public List<long> Notices(DateTimeOffset now, int limit)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MessageId FROM Recipients WHERE State = 0 AND NoticeAt <= $now ORDER BY NoticeAt, MessageId LIMIT $limit";
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$limit", limit);
        using var rows = command.ExecuteReader();
        var messages = new List<long>();
        while (rows.Read())
        {
            if (messages.Count == 0 || messages[^1] != rows.GetInt64(0))
                messages.Add(rows.GetInt64(0));
        }

        return messages;
    }

    /// <summary>Messages with recipients whose report is not made.</summary>
    public List<long> Unreported(int limit)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT MessageId FROM Recipients WHERE State IN (2, 5, 6, 7) LIMIT $limit";
        command.Parameters.AddWithValue("$limit", limit);
        using var rows = command.ExecuteReader();
        var messages = new List<long>();
        while (rows.Read())
            messages.Add(rows.GetInt64(0));
        return messages;
    }

    /// <summary>The message with those of an entry's recipients that are due; <see langword="null"/> when there are none any more.</summary>
    public QueuedMessage? Load(QueueEntry entry, DateTimeOffset now)
    {
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = connection.CreateCommand();
        command.CommandText = RecipientColumns + "WHERE MessageId = $message AND State = 0 AND Destination = $destination AND NextAttemptAt <= $now ORDER BY Id";
        command.Parameters.AddWithValue("$message", entry.MessageKey);
        command.Parameters.AddWithValue("$destination", entry.Destination);
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        return LoadMessage(connection, entry.MessageKey, Recipients(command));
    }

    /// <summary>The message with all of its recipients that wait; <see langword="null"/> when there are none any more.</summary>
    public QueuedMessage? LoadWaiting(long messageKey)
    {
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = connection.CreateCommand();
        command.CommandText = RecipientColumns + "WHERE MessageId = $message AND State = 0 ORDER BY Id";
        command.Parameters.AddWithValue("$message", messageKey);
        return LoadMessage(connection, messageKey, Recipients(command));
    }

    /// <summary>The message with those of its recipients whose report is not made; <see langword="null"/> when there are none.</summary>
    public QueuedMessage? LoadUnreported(long messageKey)
    {
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = connection.CreateCommand();
        command.CommandText = RecipientColumns + "WHERE MessageId = $message AND State IN (2, 5, 6, 7) ORDER BY Id";
        command.Parameters.AddWithValue("$message", messageKey);
        return LoadMessage(connection, messageKey, Recipients(command));
    }

    /// <summary>Those of a message's recipients that have failed and been reported.</summary>
    public List<QueuedRecipient> FailedBefore(long messageKey)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = RecipientColumns + "WHERE MessageId = $message AND State = 3 AND Status LIKE '5.%' ORDER BY Id";
        command.Parameters.AddWithValue("$message", messageKey);
        return Recipients(command);
    }

    /// <summary>Those of a message's recipients that are still to be tried.</summary>
    public List<QueuedRecipient> Waiting(long messageKey)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = RecipientColumns + "WHERE MessageId = $message AND State = 0 ORDER BY Id";
        command.Parameters.AddWithValue("$message", messageKey);
        return Recipients(command);
    }

    /// <summary>Whether a message is in the spool, or was lately.</summary>
    public bool Knows(QueueId id)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM Messages WHERE QueueId = $id) OR EXISTS (SELECT 1 FROM Retired WHERE QueueId = $id)";
        command.Parameters.AddWithValue("$id", id.Value);
        return (long)command.ExecuteScalar()! != 0;
    }

    /// <summary>The names of the body files that rows speak of.</summary>
    public HashSet<string> BodyFiles()
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT BodyFile FROM Messages WHERE BodyFile IS NOT NULL";
        using var rows = command.ExecuteReader();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Read())
            names.Add(rows.GetString(0));
        return names;
    }

    private const string RecipientColumns = "SELECT Id, Address, Attempts, LastAttemptAt, Status, Reason, RemoteHost, RemoteReply, Notify, OriginalRecipient, Route, State, Warned, NextHop FROM Recipients ";

    private static List<QueuedRecipient> Recipients(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        var recipients = new List<QueuedRecipient>();
        while (rows.Read())
        {
            var last = Text(rows, 4) is { } status && EnhancedStatusCode.TryReadPrefix(status, out var code)
                ? new LastOutcome(code, Text(rows, 5) ?? "", Text(rows, 6), Text(rows, 7))
                : null;
            recipients.Add(new QueuedRecipient(rows.GetInt64(0), RecipientOf(rows), rows.GetInt32(2), Instant(rows, 3), last) { State = (RecipientState)rows.GetInt32(11), Warned = (DelayWarnings)rows.GetInt32(12), NextHop = Text(rows, 13) });
        }

        return recipients;
    }

    private static EnvelopeRecipient RecipientOf(SqliteDataReader row) => new(EnvelopeAddress.Parse(row.GetString(1)))
    {
        Notify = (Notify)row.GetInt32(8),
        OriginalRecipient = Text(row, 9) is { } original ? OriginalRecipient.FromText(original) : null,
        Route = Text(row, 10) is { } route ? [.. route.Split(',').Select(Domain.Parse)] : [],
    };

    internal static ReversePath ReversePathOf(string text) =>
        ReversePath.TryRead($"<{text}>", out var path, out _) ? path : throw new FormatException($"'{text}' is no reverse-path.");

    private static MailRequests RequestsOf(SqliteDataReader row)
    {
        var requests = new MailRequests
        {
            EnvelopeId = Text(row, 11),
            Return = row.IsDBNull(12) ? null : (ReturnContent)row.GetInt32(12),
            DeliverBy = Instant(row, 13) is { } deadline ? new DeliverBy(deadline, row.GetBoolean(14), row.GetBoolean(15)) : null,
            Priority = row.IsDBNull(16) ? null : row.GetInt32(16),
            Hold = Instant(row, 17) is { } until ? new FutureRelease(until, Text(row, 18) ?? "") : null,
        };
        return requests == MailRequests.None ? MailRequests.None : requests;
    }

    private QueuedMessage? LoadMessage(SqliteConnection connection, long key, List<QueuedRecipient> recipients)
    {
        if (recipients.Count == 0)
            return null;

        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT QueueId, Journey, Related, Delivery, ReversePath, Body, SmtpUtf8, AcceptedAt, Octets, BodyFile, Content,
                EnvelopeId, Return, DeliverBy, DeliverByReturns, DeliverByTraces, Priority, HoldUntil, HoldRequest, Junk
            FROM Messages LEFT JOIN Bodies ON MessageId = Id WHERE Id = $id
            """;
        command.Parameters.AddWithValue("$id", key);
        using var row = command.ExecuteReader();
        if (!row.Read())
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"There are recipients of message {key} and no message."));

        IMessageContent content = Text(row, 9) is { } file ? bodies.Open(file, row.GetInt64(8)) : new MemoryContent(row.GetFieldValue<byte[]>(10));
        return new QueuedMessage(
            key, new QueueId(row.GetString(0)), new JourneyId(row.GetGuid(1)), row.IsDBNull(2) ? null : new JourneyId(row.GetGuid(2)),
            new DeliveryId(row.GetGuid(3)), ReversePathOf(row.GetString(4)),
            (BodyType)row.GetInt32(5), row.GetBoolean(6), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)), recipients, content)
        {
            Requests = RequestsOf(row),
            Into = row.GetBoolean(19) ? SpecialUse.Junk : SpecialUse.Inbox,
        };
    }

    private DateTimeOffset? First(string sql, DateTimeOffset after)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$after", after.ToUnixTimeMilliseconds());
        return command.ExecuteScalar() is long at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }

    private static DateTimeOffset? Instant(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
