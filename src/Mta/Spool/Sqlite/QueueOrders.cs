using MailSuite.Mta.Envelope;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>What people order is written here, inside the transaction of <see cref="SpoolWriter"/>.</summary>
internal sealed class QueueOrders(SqliteConnection connection, SpoolCommands commands) : IDisposable
{
    private readonly PreparedCommand _retry = new(connection, "UPDATE Recipients SET NextAttemptAt = $2 WHERE Id = $1 AND State = 0 AND NextAttemptAt > $2", 2);

    private readonly PreparedCommand _hold = new(connection, $"UPDATE Recipients SET State = 9, NextAttemptAt = NULL WHERE Id = $1 AND State IN ({From(StateChange.Hold, RecipientState.Held)})", 1);

    private readonly PreparedCommand _release = new(connection, $"""
        UPDATE Recipients SET State = 0, NextAttemptAt = max($2, COALESCE((SELECT HoldUntil FROM Messages WHERE Messages.Id = MessageId), 0))
        WHERE Id = $1 AND State IN ({From(StateChange.Release, RecipientState.Waiting)})
        """, 2);

    private readonly PreparedCommand _drop = new(connection, $"UPDATE Recipients SET State = 10, NextAttemptAt = NULL WHERE Id = $1 AND State IN ({From(StateChange.Drop, RecipientState.Dropped)})", 1);

    private readonly PreparedCommand _return = new(connection, $"""
        UPDATE Recipients SET State = $2, NextAttemptAt = NULL, LastAttemptAt = $3, Status = $4, Reason = $5
        WHERE Id = $1 AND State IN ({From(StateChange.Return, RecipientState.Failed)})
        """, 5);

    private readonly PreparedCommand _reroute = new(connection, """
        UPDATE Recipients SET NextHop = $3, Destination = $4,
            NextAttemptAt = CASE State WHEN 0 THEN max($2, COALESCE((SELECT HoldUntil FROM Messages WHERE Messages.Id = MessageId), 0)) END
        WHERE Id = $1 AND State IN (0, 9)
        """, 4);

    private readonly PreparedCommand _settleOrdered = new(connection, """
        UPDATE Recipients SET NextAttemptAt = NULL, LastAttemptAt = $3, Attempts = Attempts + $4, Status = $5, Reason = $6, RemoteHost = $7, RemoteReply = $8,
            State = CASE WHEN $9 OR (State = 9 AND $2 <> 0) THEN $2 ELSE State END
        WHERE Id = $1 AND (State IN (9, 10) OR (State IN (2, 4, 8) AND $9))
        """, 9);

    private readonly PreparedCommand _stateOf = new(connection, "SELECT State FROM Recipients WHERE Id = $1", 1);

    private readonly PreparedCommand _retired = new(connection, "SELECT Recipients FROM Retired WHERE QueueId = $1", 1);

    private readonly PreparedCommand _correct = new(connection, "UPDATE Retired SET Recipients = $2 WHERE QueueId = $1", 2);

    private static string From(StateChange change, RecipientState to) => RecipientTransitions.Sources(change, to);

    /// <summary>Does an order; recipients that have gone on meanwhile are left as they are.</summary>
    public QueueOrderResult Do(QueueOrderBatch batch, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var done = batch.Recipients.Where(recipient => Do(batch.Order, recipient, at) > 0).ToList();
        var bodies = new List<string>();
        if (batch.Order.Action is QueueAction.Drop or QueueAction.Return)
        {
            foreach (var message in done.Select(recipient => recipient.MessageKey).Distinct())
            {
                if (commands.RemoveDone(message, now) is { Length: > 0 } body)
                    bodies.Add(body);
            }
        }

        return new QueueOrderResult(done, bodies);
    }

    /// <summary>
    /// Writes what an attempt did for a recipient that was under way when a person gave an order: what another host has taken is delivered, a failure ends
    /// what is held, and all else is as the person said.
    /// </summary>
    /// <returns>Whether the person's order is why it was not waiting any more.</returns>
    public bool Settle(QueueId id, string address, Settlement settlement, DateTimeOffset now)
    {
        var (recipient, state, outcome, _, tried) = settlement;
        var taken = outcome.Kind == OutcomeKind.Delivered;
        if (_settleOrdered.Run(
            recipient, (int)state, now.ToUnixTimeMilliseconds(), tried ? 1 : 0, outcome.Status.ToString(), outcome.Reason, outcome.RemoteHost, outcome.RemoteReply, taken) > 0)
            return true;
        // Given back meanwhile, or else settled twice.
        if (_stateOf.Ask(recipient) is long found)
            return (RecipientState)found is RecipientState.Failed or RecipientState.Reported or RecipientState.Undeliverable or RecipientState.FailedSilently;
        if (!taken || _retired.Ask(id.Value) is not string text)
            return true;

        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith($"{(int)RecipientState.Dropped}\t{address}\t", StringComparison.Ordinal))
                lines[i] = string.Join('\t', (int)RecipientState.Delivered, address, outcome.Status, outcome.RemoteHost, outcome.RemoteReply?.Replace('\n', ' ').Replace('\t', ' '));
        }

        _correct.Run(id.Value, string.Join('\n', lines));
        return true;
    }

    public void Dispose()
    {
        _retry.Dispose();
        _hold.Dispose();
        _release.Dispose();
        _drop.Dispose();
        _return.Dispose();
        _reroute.Dispose();
        _settleOrdered.Dispose();
        _stateOf.Dispose();
        _retired.Dispose();
        _correct.Dispose();
    }

    private int Do(QueueOrder order, OrderedRecipient recipient, long at) => order.Action switch
    {
        QueueAction.Retry => _retry.Run(recipient.Key, at),
        QueueAction.Hold => _hold.Run(recipient.Key),
        QueueAction.Release => _release.Run(recipient.Key, at),
        QueueAction.Drop => _drop.Run(recipient.Key),
        QueueAction.Return => _return.Run(recipient.Key, (int)StateAfterReturn(recipient), at, StatusCodes.OtherPermanent.ToString(), ReasonOf(recipient)),
        QueueAction.Reroute => _reroute.Run(
            recipient.Key, at, order.NextHop, order.NextHop is { } hop ? RecipientDestination.Rerouted(hop) : recipient.Recipient.Destination.Ascii),
        _ => throw new InvalidOperationException($"No such order: {order.Action}"),
    };

    private static RecipientState StateAfterReturn(OrderedRecipient recipient) =>
        recipient.HasNullReversePath ? RecipientState.Undeliverable : recipient.Recipient.Notify.WantsFailure() ? RecipientState.Failed : RecipientState.FailedSilently;

    private static string ReasonOf(OrderedRecipient recipient) =>
        $"The administrator of this host has given it up.{(recipient.Reason is { } reason ? $" Before that: {reason}" : "")}";
}
