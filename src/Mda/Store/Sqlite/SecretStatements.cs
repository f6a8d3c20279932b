namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads and keeps the store's random octets.</summary>
internal static class SecretStatements
{
    private const string ReadSecret = "SELECT octets FROM secret WHERE name = ?1";

    private const string InsertSecret = "INSERT OR IGNORE INTO secret (name, octets) VALUES (?1, ?2)";

    internal static byte[]? Find(StoreConnection connection, string name)
    {
        var row = connection.Prepare(ReadSecret).Bind(1, name);
        var octets = row.Step() ? row.Blob(0).ToArray() : null;
        row.Reset();
        return octets;
    }

    /// <summary>Keeps the octets, unless another process was first.</summary>
    /// <returns>Those that are kept.</returns>
    internal static byte[] Keep(WriteTurn turn, string name, byte[] octets)
    {
        turn.Prepare(InsertSecret).Bind(1, name).BindBlob(2, octets).Run();
        return Find(turn.Connection, name)!;
    }
}
