using MailSuite.Shared.Journey;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mua.Journey.Sqlite;

/// <summary>The two prepared commands that write events: one row an event, one row a journey with what the message is known by.</summary>
internal sealed class JourneyInserts : IDisposable
{
    private readonly SqliteCommand _event;
    private readonly SqliteCommand _journey;
    private readonly SqliteParameter[] _eventValues;
    private readonly SqliteParameter[] _journeyValues;
    private readonly Dictionary<JourneyId, Known> _known = [];

    internal JourneyInserts(SqliteConnection connection)
    {
        (_event, _eventValues) = Prepare(
            connection,
            """
            INSERT INTO Events (Journey, At, Role, Step, Host, Summary, Reason, Peer, Recipients, Dialogue, Related)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            11);
        // A later event never takes away what an earlier one told.
        (_journey, _journeyValues) = Prepare(
            connection,
            """
            INSERT INTO Journeys (Id, FirstAt, LastAt, LastStep, MessageId, QueueId, Subject, ReversePath, Recipients, Octets)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (Id) DO UPDATE SET
              LastStep = CASE WHEN excluded.LastAt >= LastAt THEN excluded.LastStep ELSE LastStep END,
              FirstAt = min(FirstAt, excluded.FirstAt), LastAt = max(LastAt, excluded.LastAt),
              MessageId = coalesce(MessageId, excluded.MessageId), QueueId = coalesce(QueueId, excluded.QueueId), Subject = coalesce(Subject, excluded.Subject),
              ReversePath = coalesce(ReversePath, excluded.ReversePath), Recipients = coalesce(Recipients, excluded.Recipients), Octets = coalesce(Octets, excluded.Octets)
            """,
            10);
    }

    internal void Insert(IReadOnlyList<JourneyEvent> events, SqliteTransaction transaction)
    {
        _event.Transaction = transaction;
        _journey.Transaction = transaction;
        _known.Clear();
        foreach (var e in events)
        {
            var id = e.Journey.Value.ToByteArray(bigEndian: true);
            Insert(e, id);

            // A message's events mostly come in one batch, and so its journey is written once.
            if (!_known.TryGetValue(e.Journey, out var known))
                _known.Add(e.Journey, known = new Known(id, e.At));
            known.Learn(e);
        }

        foreach (var known in _known.Values)
            Upsert(known);
    }

    public void Dispose()
    {
        _event.Dispose();
        _journey.Dispose();
    }

    private void Insert(JourneyEvent e, byte[] journey)
    {
        _eventValues[0].Value = journey;
        _eventValues[1].Value = e.At.UtcTicks;
        _eventValues[2].Value = (long)e.Role;
        _eventValues[3].Value = (long)e.Step;
        _eventValues[4].Value = e.Host;
        _eventValues[5].Value = e.Summary;
        _eventValues[6].Value = OrNull(e.Reason);
        _eventValues[7].Value = OrNull(e.Peer);
        _eventValues[8].Value = OrNull(AddressLines.Write(e.Recipients));
        _eventValues[9].Value = OrNull(DialogueJson.Write(e.Dialogue, e.At));
        _eventValues[10].Value = OrNull(e.Related?.Value.ToByteArray(bigEndian: true));
        _event.ExecuteNonQuery();
    }

    private void Upsert(Known known)
    {
        _journeyValues[0].Value = known.Id;
        _journeyValues[1].Value = known.FirstAt.UtcTicks;
        _journeyValues[2].Value = known.LastAt.UtcTicks;
        _journeyValues[3].Value = (long)known.LastStep;
        _journeyValues[4].Value = OrNull(known.MessageId);
        _journeyValues[5].Value = OrNull(known.QueueId);
        _journeyValues[6].Value = OrNull(known.Subject);
        _journeyValues[7].Value = OrNull(known.ReversePath);
        _journeyValues[8].Value = OrNull(known.Recipients);
        _journeyValues[9].Value = OrNull(known.Octets);
        _journey.ExecuteNonQuery();
    }

    private static object OrNull(object? value) => value ?? DBNull.Value;

    private static (SqliteCommand Command, SqliteParameter[] Values) Prepare(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        var values = new SqliteParameter[parameters];
        for (var i = 0; i < parameters; i++)
            values[i] = command.Parameters.Add(new SqliteParameter($"${i}", null));
        return (command, values);
    }

    /// <summary>What a batch tells about one journey; the first to say something is believed.</summary>
    private sealed class Known(byte[] id, DateTimeOffset at)
    {
        internal byte[] Id => id;

        internal DateTimeOffset FirstAt { get; private set; } = at;

        internal DateTimeOffset LastAt { get; private set; } = at;

        internal JourneyStep LastStep { get; private set; }

        internal string? MessageId { get; private set; }

        internal string? QueueId { get; private set; }

        internal string? Subject { get; private set; }

        internal string? ReversePath { get; private set; }

        internal string? Recipients { get; private set; }

        internal long? Octets { get; private set; }

        internal void Learn(JourneyEvent e)
        {
            if (e.At < FirstAt)
                FirstAt = e.At;
            if (e.At >= LastAt)
                (LastAt, LastStep) = (e.At, e.Step);
            if (e.Facts is not { } facts)
                return;

            MessageId ??= facts.MessageId;
            QueueId ??= facts.QueueId;
            Subject ??= facts.Subject;
            ReversePath ??= facts.ReversePath is { } path ? path.Address?.ToString() ?? "" : null;
            Recipients ??= AddressLines.Write(facts.Recipients);
            Octets ??= facts.Octets;
        }
    }
}
