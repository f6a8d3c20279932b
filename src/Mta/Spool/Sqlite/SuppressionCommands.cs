using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The list of addresses to which nothing is sent, as <see cref="SpoolWriter"/> writes it.</summary>
internal sealed class SuppressionCommands(SqliteConnection connection) : IDisposable
{
    private readonly PreparedCommand _add = new(connection, """
        INSERT INTO Suppressions (Address, Since, Status, Reason, RemoteHost, RemoteReply, QueueId, Journey, Manual) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (Address) DO UPDATE SET Since = excluded.Since, Status = excluded.Status, Reason = excluded.Reason, RemoteHost = excluded.RemoteHost,
            RemoteReply = excluded.RemoteReply, QueueId = excluded.QueueId, Journey = excluded.Journey, Manual = excluded.Manual WHERE excluded.Manual OR NOT Manual
        """, 9);

    private readonly PreparedCommand _remove = new(connection, "DELETE FROM Suppressions WHERE Address = $1", 1);

    private readonly PreparedCommand _clear = new(connection, "DELETE FROM Suppressions", 0);

    private readonly PreparedCommand _forget = new(connection, "DELETE FROM Suppressions WHERE Since < $1 AND NOT Manual", 1);

    /// <summary>Adds an address, or says anew why it is on the list; what a person has said stays.</summary>
    public int Add(SuppressionEntry entry) => _add.Run(
        entry.Address, entry.Since.ToUnixTimeMilliseconds(), entry.Status, entry.Reason, entry.RemoteHost, entry.RemoteReply, entry.QueueId?.Value, entry.Journey?.Value, entry.IsManual);

    public bool Remove(string address) => _remove.Run(address) > 0;

    public int Clear() => _clear.Run();

    /// <summary>Removes what no person has added and is older than that.</summary>
    public int Forget(DateTimeOffset before) => _forget.Run(before.ToUnixTimeMilliseconds());

    public void Dispose()
    {
        _add.Dispose();
        _remove.Dispose();
        _clear.Dispose();
        _forget.Dispose();
    }
}
