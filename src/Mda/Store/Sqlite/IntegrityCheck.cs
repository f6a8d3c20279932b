using MailSuite.Mda.Store.Maintenance;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>SQLite's own check of its file. What it finds is for a person: the octets that can still be read must be saved first.</summary>
internal sealed class IntegrityCheck : IStoreCheck
{
    public IReadOnlyList<string> Find(StoreConnection connection) =>
    [
        .. QueryCheck.Texts(connection, "PRAGMA integrity_check").Where(static line => line != "ok")
            .Select(static line => $"The database is damaged: {line.ReplaceLineEndings(" ")}. Go back to a copy, or save what can be read: sqlite3 mda.db .recover"),
    ];

    public void Repair(WriteTurn turn, DateTimeOffset now)
    {
    }
}
