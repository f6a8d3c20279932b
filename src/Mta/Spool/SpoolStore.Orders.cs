using MailSuite.Mta.Notices;
using MailSuite.Mta.Spool.Sqlite;

namespace MailSuite.Mta.Spool;

/// <summary>What people see of the spool and order.</summary>
internal sealed partial class SpoolStore
{
    public QueueListing Listing => new(_database, _bodies, _clock);

    public QueueCount Count => new(_database, _clock);

    public RetiredListing Retired => new(_database, _clock);

    public QueueSelection Selection => new(_database);

    /// <summary>Does an order for some recipients. When the task is done it is on disk, synced.</summary>
    /// <returns>Those for whom it could still be done.</returns>
    /// <exception cref="SpoolUnavailableException">Nothing of it was written.</exception>
    public async Task<IReadOnlyList<OrderedRecipient>> OrderAsync(QueueOrderBatch batch, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        NoticeBatch? notices = null;
        QueueOrderResult result;
        try
        {
            result = await Writer.WriteAsync(commands => DoTold(commands, batch, now, ref notices), cancellationToken);
            notices?.Publish();
        }
        finally
        {
            notices?.Dispose();
        }

        foreach (var body in result.Bodies)
            DeleteBody(body);
        Interlocked.Increment(ref _orders);
        _arrivals.LookAgain();
        return result.Recipients;
    }
}
