using MailSuite.Mta.Notices;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Spool;

/// <summary>The outbox of the webhooks, whose rows are written with what they tell of.</summary>
internal sealed partial class SpoolStore
{
    /// <returns><see langword="null"/> when it is not there any more.</returns>
    public Notice? FindNotice(long key)
    {
        using var connection = _database.OpenReader();
        return NoticeCommands.Find(connection, key);
    }

    /// <exception cref="SpoolUnavailableException">Nothing of it was written.</exception>
    public Task PutOffNoticeAsync(long key, int attempts, DateTimeOffset nextAttemptAt, string error) =>
        Writer.WriteAsync(commands => NoticeCommands.PutOff(commands.Connection, key, attempts, nextAttemptAt, error), CancellationToken.None);

    /// <param name="keys">A thousand at most.</param>
    /// <exception cref="SpoolUnavailableException">Nothing of it was written.</exception>
    public Task RemoveNoticesAsync(IReadOnlyList<long> keys) => Writer.WriteAsync(commands => NoticeCommands.Remove(commands.Connection, keys), CancellationToken.None);

    private void LoadNotices()
    {
        if (_outbox is null)
            return;

        using var connection = _database.OpenReader();
        _outbox.Load(NoticeCommands.All(connection));
    }

    private ValueTask<NoticeBatch?> NoticesOfAsync(QueuedMessage message, IReadOnlyList<Settlement> settlements, DateTimeOffset now) =>
        _outbox is null ? default : _outbox.OfAsync(message, settlements, now);

    private ValueTask<NoticeBatch?> NoticesOfAsync(SpooledMessage message) => _outbox is null ? default : _outbox.OfAsync(message, _clock.GetUtcNow());

    /// <summary>Does an order with the notices of what it gives up. As a member of a group that fails it may run twice.</summary>
    private QueueOrderResult DoTold(SpoolCommands commands, QueueOrderBatch batch, DateTimeOffset now, ref NoticeBatch? notices)
    {
        if (_outbox is null || batch.Order.Action is not (QueueAction.Drop or QueueAction.Return) || batch.Recipients.Count == 0)
            return commands.Orders.Do(batch, now);

        var senders = NoticeCommands.Senders(commands.Connection, batch.Recipients.Select(recipient => recipient.MessageKey));
        var result = commands.Orders.Do(batch, now);
        notices?.Dispose();
        notices = _outbox.Of(batch.Order.Action, result.Recipients, senders, now);
        return Tell(commands, notices, result);
    }

    /// <summary>Writes the notices of what a transaction has just done.</summary>
    private T Tell<T>(SpoolCommands commands, NoticeBatch? notices, T done)
    {
        notices?.Write(notice => NoticeCommands.Add(commands.Connection, notice, _clock.Real().GetUtcNow()));
        return done;
    }
}
