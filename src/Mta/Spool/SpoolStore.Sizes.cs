using MailSuite.Mta.Metrics;
using MailSuite.Mta.Spool.Sqlite;

namespace MailSuite.Mta.Spool;

/// <summary>What the metrics ask of the spool.</summary>
internal sealed partial class SpoolStore
{
    private long _orders;

    /// <summary>How many orders people have given since the start.</summary>
    public long Orders => Volatile.Read(ref _orders);

    /// <summary>All but what is held.</summary>
    public QueueSize CountWaiting()
    {
        using var connection = _database.OpenReader();
        return QueueSizeReader.Waiting(connection, _clock.GetUtcNow());
    }

    public long CountHeld()
    {
        using var connection = _database.OpenReader();
        return QueueSizeReader.Held(connection);
    }
}
