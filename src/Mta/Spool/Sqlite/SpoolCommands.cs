using System.Globalization;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>Everything that is written to the spool. Used by <see cref="SpoolWriter"/> alone, inside its transaction.</summary>
internal sealed class SpoolCommands(SqliteConnection connection) : IDisposable
{
    private readonly PreparedCommand _insertMessage = new(connection, """
        INSERT INTO Messages (QueueId, Journey, Related, Delivery, ReversePath, Body, SmtpUtf8, Octets, BodyFile, AcceptedAt,
            EnvelopeId, Return, DeliverBy, DeliverByReturns, DeliverByTraces, Priority, HoldUntil, HoldRequest, Junk)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19 WHERE NOT EXISTS (SELECT 1 FROM Retired WHERE QueueId = $1)
        ON CONFLICT (QueueId) DO NOTHING RETURNING Id
        """, 19);

    private readonly PreparedCommand _insertBody = new(connection, "INSERT INTO Bodies (MessageId, Content) VALUES ($1, $2)", 2);

    private readonly PreparedCommand _insertRecipient = new(connection, """
        INSERT INTO Recipients (MessageId, Address, Destination, State, Attempts, NextAttemptAt, LastAttemptAt, Status, Reason, Notify, OriginalRecipient, Route, Warned, Priority, Sender, NoticeAt)
        VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $14)
        """, 14);

    private readonly PreparedCommand _settle = new(connection, $"""
        UPDATE Recipients SET State = $2, NextAttemptAt = $3, LastAttemptAt = $4, Attempts = Attempts + $5, Status = $6, Reason = $7, RemoteHost = $8, RemoteReply = $9
        WHERE Id = $1 AND State IN ({RecipientTransitions.Sources(StateChange.Settle, RecipientState.Waiting)})
        """, 9);

    private readonly PreparedCommand _makeDue = new(connection, """
        UPDATE Recipients SET NextAttemptAt = $2 WHERE Id IN
            (SELECT Id FROM Recipients WHERE State = 0 AND Destination = $1 AND NextAttemptAt > $2
                AND NOT EXISTS (SELECT 1 FROM Messages WHERE Messages.Id = MessageId AND HoldUntil > $2) LIMIT $3)
        """, 3);

    private readonly PreparedCommand _putOff = new(connection, """
        UPDATE Recipients SET NextAttemptAt = $3 WHERE Id IN
            (SELECT Id FROM Recipients WHERE State = 0 AND Destination = $1 AND NextAttemptAt <= $2 LIMIT $4)
        """, 4);

    private readonly PreparedCommand _report = new(
        connection, $"UPDATE Recipients SET State = 3 WHERE Id = $1 AND State IN ({RecipientTransitions.Sources(StateChange.Report, RecipientState.Reported)})", 1);

    private readonly PreparedCommand _keep = new(connection, $"UPDATE Recipients SET State = 4 WHERE Id = $1 AND State IN ({RecipientTransitions.Sources(StateChange.Keep, RecipientState.Undeliverable)})", 1);


    private readonly PreparedCommand _warn = new(connection, "UPDATE Recipients SET Warned = Warned | $2, NoticeAt = $3 WHERE Id = $1 AND State = 0", 3);

    private readonly PreparedCommand _finish = new(connection, $"""
        INSERT INTO Retired (QueueId, FinishedAt, Journey, ReversePath, AcceptedAt, Octets, Recipients)
        SELECT QueueId, $2, Journey, ReversePath, AcceptedAt, Octets,
            (SELECT group_concat(State || char(9) || Address || char(9) || COALESCE(Status, '') || char(9) || COALESCE(RemoteHost, '') || char(9)
                || COALESCE(replace(replace(RemoteReply, char(10), ' '), char(9), ' '), ''), char(10)) FROM Recipients WHERE MessageId = $1)
        FROM Messages WHERE Id = $1 AND NOT EXISTS (SELECT 1 FROM Recipients WHERE MessageId = $1 AND State NOT IN ({RecipientTransitions.Sql(RecipientTransitions.Final)}))
        """, 2);

    private readonly PreparedCommand _remove = new(connection, "DELETE FROM Messages WHERE Id = $1 RETURNING COALESCE(BodyFile, '')", 1);

    private readonly PreparedCommand _forgetRetired = new(connection, "DELETE FROM Retired WHERE QueueId IN (SELECT QueueId FROM Retired WHERE FinishedAt < $1 LIMIT $2)", 2);

    private readonly PreparedCommand _removeUndeliverable = new(connection, """
        DELETE FROM Messages WHERE Id = (SELECT MessageId FROM Recipients AS Kept WHERE State = 4 AND LastAttemptAt < $1
            AND NOT EXISTS (SELECT 1 FROM Recipients WHERE MessageId = Kept.MessageId AND State IN (0, 2, 5, 6, 7, 9)) ORDER BY LastAttemptAt LIMIT 1)
        RETURNING COALESCE(BodyFile, '')
        """, 1);

    private QueueOrders? _orders;
    private SuppressionCommands? _suppressions;

    /// <summary>What people order.</summary>
    public QueueOrders Orders => _orders ??= new QueueOrders(connection, this);

    /// <summary>The list of addresses to which nothing is sent.</summary>
    public SuppressionCommands Suppressions => _suppressions ??= new SuppressionCommands(connection);

    /// <summary>For statements that run too seldom to be kept prepared.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>Stores a message with its recipients; one whose id is there already, or was, is left as it is.</summary>
    /// <returns>Its row and those of its recipients, in their order; <see langword="null"/> when it was there.</returns>
    public AcceptedRows? Accept(NewMessage item)
    {
        var message = item.Message;
        var requests = message.Requests;
        var added = _insertMessage.Ask(
            message.Id.Value, message.Journey.Value, item.Related?.Value, item.Delivery.Value, message.ReversePath.ToString()[1..^1],
            (int)message.Body, message.SmtpUtf8, message.Content.Octets, item.BodyFile, Milliseconds(message.AcceptedAt),
            requests.EnvelopeId, (int?)requests.Return, Milliseconds(requests.DeliverBy?.Deadline), requests.DeliverBy is { Returns: true }, requests.DeliverBy is { Traces: true },
            requests.Priority, Milliseconds(requests.Hold?.Until), requests.Hold?.Request, message.Into == SpecialUse.Junk);
        if (added is not long key)
            return null;

        if (item.BodyOctets is not null)
            _insertBody.Run(key, item.BodyOctets);

        var sender = SenderKey.Of(message.ReversePath.ToString().AsSpan()[1..^1]);
        var keys = new long[message.Recipients.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var spooled = message.Recipients[i];
            var recipient = spooled.Recipient;
            var outcome = OutcomeOf(spooled);
            var state = outcome is null ? RecipientState.Waiting : RecipientStates.After(outcome, message.ReversePath, recipient.Notify);
            _insertRecipient.Run(
                key, recipient.Address.ToString(), recipient.Destination.Ascii, (int)state, outcome is null ? item.DueAt : null, outcome is null ? null : item.DueAt,
                outcome?.Status.ToString(), outcome?.Reason,
                (int)recipient.Notify, recipient.OriginalRecipient?.ToString(), RouteText(recipient.Route), requests.Priority ?? 0,
                sender, outcome is null ? Milliseconds(item.NoticeAt(recipient)) : null);
            keys[i] = raw.sqlite3_last_insert_rowid(connection.Handle);
        }

        return new AcceptedRows(key, sender, keys);
    }

    /// <summary>Writes what an attempt did, and forgets the message when nothing is left to do for it.</summary>
    /// <returns>The message's body file, empty for none, when it is forgotten; otherwise <see langword="null"/>.</returns>
    public string? Settle(QueuedMessage message, IReadOnlyList<Settlement> settlements, DateTimeOffset now)
    {
        var messageKey = message.Key;
        foreach (var settlement in settlements)
        {
            var (recipient, state, outcome, next, tried) = settlement;
            var changed = _settle.Run(
                recipient, (int)state, Milliseconds(next), Milliseconds(now), tried ? 1 : 0,
                outcome.Status.ToString(), outcome.Reason, outcome.RemoteHost, outcome.RemoteReply);
            if (changed != 1 && !Orders.Settle(message.Id, message.AddressOf(settlement), settlement, now))
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Recipient {recipient} of message {messageKey} was not waiting."));
            if (settlement.Suppresses)
                Suppressions.Add(new SuppressionEntry(message.AddressOf(settlement), now, outcome.Status.ToString(), outcome.Reason, outcome.RemoteHost, outcome.RemoteReply, message.Id, message.Journey, IsManual: false));
        }

        return RemoveDone(messageKey, now);
    }

    /// <summary>Puts off recipients of a destination that are due, so many at most.</summary>
    /// <returns>How many.</returns>
    public int PutOff(string destination, DateTimeOffset now, DateTimeOffset until, int limit) => _putOff.Run(destination, Milliseconds(now), Milliseconds(until), limit);

    /// <summary>Makes recipients due that wait for a destination, so many at most; not those whose sender has set the time (RFC 4865).</summary>
    /// <returns>How many.</returns>
    public int MakeDue(string destination, DateTimeOffset now, int limit) => _makeDue.Run(destination, Milliseconds(now), limit);

    /// <summary>Stores a report and marks its recipients reported, both or neither.</summary>
    /// <returns>As <see cref="Settle"/>.</returns>
    public string? Report(long messageKey, IReadOnlyList<long> recipients, NewMessage report, DateTimeOffset now, out AcceptedRows rows)
    {
        rows = AcceptReport(report);
        foreach (var recipient in recipients)
        {
            if (_report.Run(recipient) != 1)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Recipient {recipient} of message {messageKey} had nothing to be reported."));
        }

        return RemoveDone(messageKey, now);
    }

    /// <summary>Marks recipients whose failure nobody may be told of.</summary>
    /// <returns>How many.</returns>
    public int Keep(IReadOnlyList<long> recipients) => recipients.Sum(recipient => _keep.Run(recipient));

    /// <summary>Stores the report of a delay and notes that it is made, both or neither.</summary>
    public AcceptedRows Warn(IReadOnlyList<NoticeTaken> warned, NewMessage report)
    {
        var rows = AcceptReport(report);
        Notice(warned);
        return rows;
    }

    /// <summary>Notes what has been told of recipients, and when there is something to be looked at again.</summary>
    public bool Notice(IReadOnlyList<NoticeTaken> taken)
    {
        foreach (var (recipient, warnings, next) in taken)
            _warn.Run(recipient, (int)warnings, Milliseconds(next));
        return true;
    }

    /// <summary>Forgets messages that were done before an instant, so many at most.</summary>
    /// <returns>How many.</returns>
    public int ForgetRetired(DateTimeOffset before, int limit) => _forgetRetired.Run(Milliseconds(before), limit);

    /// <summary>Forgets one message that only lay there to be looked at, the oldest.</summary>
    /// <returns>As <see cref="Settle"/>; <see langword="null"/> when there is none that old.</returns>
    public string? RemoveUndeliverable(DateTimeOffset before) => _removeUndeliverable.Ask(Milliseconds(before)) as string;

    public void Dispose()
    {
        _insertMessage.Dispose();
        _insertBody.Dispose();
        _insertRecipient.Dispose();
        _settle.Dispose();
        _putOff.Dispose();
        _makeDue.Dispose();
        _report.Dispose();
        _keep.Dispose();
        _warn.Dispose();
        _finish.Dispose();
        _remove.Dispose();
        _forgetRetired.Dispose();
        _removeUndeliverable.Dispose();
        _orders?.Dispose();
        _suppressions?.Dispose();
    }

    private AcceptedRows AcceptReport(NewMessage report) => Accept(report) ?? throw new InvalidOperationException($"The report {report.Message.Id} is there already.");

    /// <summary>Retires the message when nothing is left to do for it.</summary>
    /// <returns>As <see cref="Settle"/>.</returns>
    public string? RemoveDone(long messageKey, DateTimeOffset now) => _finish.Run(messageKey, Milliseconds(now)) > 0 ? _remove.Ask(messageKey) as string : null;

    /// <summary>What acceptance has decided already; <see langword="null"/> for a recipient to try.</summary>
    private static RecipientOutcome? OutcomeOf(SpooledRecipient recipient) => recipient switch
    {
        { Failure: { } failure } => RecipientOutcome.Failed(failure.Status, failure.Reason),
        { Success: { } success } => RecipientOutcome.InMailbox(success.Expanded),
        _ => null,
    };

    private static string? RouteText(IReadOnlyList<Domain> route) => route.Count == 0 ? null : string.Join(',', route.Select(host => host.Ascii));

    private static long? Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();
}
