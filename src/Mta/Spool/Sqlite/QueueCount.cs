using MailSuite.Shared.Contracts.Mta;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>Counts the queue by destination and age, from its old end on and for <see cref="Patience"/> at most.</summary>
internal sealed class QueueCount(SpoolDatabase database, TimeProvider clock)
{
    /// <summary>How long one count may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    private const int RowsPerLook = 256;

    public QueueSummary Of(QueueFilter filter)
    {
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        var now = clock.GetUtcNow();
        var total = new Tally();
        var destinations = new Dictionary<string, Tally>(StringComparer.Ordinal);
        var condition = QueueCondition.Of(filter, connection);
        var partial = !condition.IsEmpty && !Count(connection, condition, now, total, destinations);
        var longest = destinations.OrderByDescending(pair => pair.Value.Recipients).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(QueueSummary.MaxDestinations);
        return new QueueSummary(
            now, total.Messages, total.Recipients, total.Octets, partial, total.Counts, total.Ages,
            [.. longest.Select(pair => SummaryOf(pair.Key, pair.Value, connection))], destinations.Count) { MessagesInQueue = All(connection) };
    }

    /// <summary>By an index alone, which costs little of what the rows do.</summary>
    private static long All(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM Messages";
        return (long)command.ExecuteScalar()!;
    }

    /// <returns>Whether all has been counted.</returns>
    private bool Count(SqliteConnection connection, QueueCondition condition, DateTimeOffset now, Tally total, Dictionary<string, Tally> destinations)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT r.MessageId, m.AcceptedAt, m.Octets, r.Destination, r.State, r.NextAttemptAt, r.LastAttemptAt, r.Id, ({condition.Fits})
            FROM Recipients r CROSS JOIN Messages m ON m.Id = r.MessageId WHERE {condition.Narrow} ORDER BY r.MessageId
            """;
        condition.BindTo(command);
        using var rows = command.ExecuteReader();
        var started = clock.GetTimestamp();
        Tally? tally = null;
        var name = "";
        for (var row = 1; rows.Read(); row++)
        {
            if (row % RowsPerLook == 0 && clock.GetElapsedTime(started) > Patience)
                return false;
            if (!rows.GetBoolean(8))
                continue;

            var destination = rows.GetString(3);
            if (tally is null || destination != name)
            {
                if (!destinations.TryGetValue(name = destination, out tally))
                    destinations.Add(name, tally = new Tally());
            }

            var recipient = new Counted(
                rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), (RecipientState)rows.GetInt32(4),
                rows.IsDBNull(5) ? null : rows.GetInt64(5), rows.IsDBNull(6) ? null : rows.GetInt64(6), rows.GetInt64(7));
            var age = now.ToUnixTimeMilliseconds() - recipient.AcceptedAt;
            total.Add(recipient, age);
            tally.Add(recipient, age);
        }

        return true;
    }

    private static DestinationSummary SummaryOf(string destination, Tally tally, SqliteConnection connection)
    {
        var isRerouted = RecipientDestination.IsRerouted(destination);
        return new DestinationSummary(
            RecipientDestination.Shown(destination), isRerouted, tally.Messages, tally.Recipients, tally.Counts,
            DateTimeOffset.FromUnixTimeMilliseconds(tally.OldestAt), tally.NextAttemptAt is { } next ? DateTimeOffset.FromUnixTimeMilliseconds(next) : null,
            tally.Latest is { } latest ? ErrorOf(connection, latest) : null, tally.Ages);
    }

    private static string? ErrorOf(SqliteConnection connection, long recipient)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COALESCE(RemoteReply, Status || ' ' || Reason) FROM Recipients WHERE Id = $id";
        command.Parameters.AddWithValue("$id", recipient);
        return command.ExecuteScalar() as string;
    }

    private readonly record struct Counted(long Message, long AcceptedAt, long Octets, RecipientState State, long? NextAttemptAt, long? LastAttemptAt, long Key);

    /// <summary>Rows come in the order of messages.</summary>
    private sealed class Tally
    {
        private static readonly long[] Limits = [.. QueueSummary.AgeLimits.Select(limit => (long)limit.TotalMilliseconds)];

        private long _lastMessage = -1;
        private long _latestAt = -1;
        private long _waiting;
        private long _held;
        private long _failed;
        private long _undeliverable;

        public long Messages { get; private set; }

        public long Recipients { get; private set; }

        public long Octets { get; private set; }

        public long OldestAt { get; private set; } = long.MaxValue;

        public long? NextAttemptAt { get; private set; }

        /// <summary>The recipient that was tried last.</summary>
        public long? Latest { get; private set; }

        public long[] Ages { get; } = new long[Limits.Length + 1];

        public QueueCounts Counts => new(_waiting, _held, _failed, _undeliverable);

        public void Add(in Counted recipient, long age)
        {
            Recipients++;
            if (recipient.Message != _lastMessage)
            {
                _lastMessage = recipient.Message;
                Messages++;
                Octets += recipient.Octets;
                OldestAt = Math.Min(OldestAt, recipient.AcceptedAt);
            }

            var bucket = 0;
            while (bucket < Limits.Length && age >= Limits[bucket])
                bucket++;
            Ages[bucket]++;

            switch (recipient.State)
            {
                case RecipientState.Waiting:
                    _waiting++;
                    if (recipient.NextAttemptAt is { } next && (NextAttemptAt is null || next < NextAttemptAt))
                        NextAttemptAt = next;
                    break;
                case RecipientState.Held:
                    _held++;
                    break;
                case RecipientState.Failed:
                    _failed++;
                    break;
                case RecipientState.Undeliverable:
                    _undeliverable++;
                    break;
            }

            if (recipient.LastAttemptAt is { } last && last > _latestAt)
                (_latestAt, Latest) = (last, recipient.Key);
        }
    }
}
