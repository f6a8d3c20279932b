using MailSuite.Mta.Delivery;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table <c>TlsSeen</c>. Its rows are no promise: they are not synced one by one.</summary>
internal sealed partial class TlsRecords(MtaOptions options, ILogger<TlsRecords> logger) : ITlsRecords
{
    private readonly SpoolDatabase _database = new(Path.Combine(options.DataDirectory, SpoolStore.DatabaseName), options.BusyTimeout);

    public TlsRecord? Find(string host)
    {
        try
        {
            using var connection = _database.OpenReader();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT Level, SeenAt FROM TlsSeen WHERE Host = $1";
            command.Parameters.AddWithValue("$1", host);
            using var row = command.ExecuteReader();
            return row.Read() ? new TlsRecord((TlsLevel)row.GetInt32(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))) : null;
        }
        catch (SqliteException e)
        {
            LogTrouble(e, host);
            return null;
        }
    }

    public void Write(string host, TlsRecord record)
    {
        try
        {
            using var connection = _database.OpenReader();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous=NORMAL; INSERT INTO TlsSeen (Host, Level, SeenAt) VALUES ($1, $2, $3) ON CONFLICT (Host) DO UPDATE SET Level = $2, SeenAt = $3";
            command.Parameters.AddWithValue("$1", host);
            command.Parameters.AddWithValue("$2", (int)record.Level);
            command.Parameters.AddWithValue("$3", record.SeenAt.ToUnixTimeMilliseconds());
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            LogTrouble(e, host);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The memory of TLS cannot be used for {Host}; the mail goes all the same")]
    private partial void LogTrouble(Exception error, string host);
}
