using MailSuite.Mda.Store.Sqlite;

namespace MailSuite.Mda.Search.Sqlite;

/// <summary>Which bodies the store has, for the index that follows it.</summary>
internal static class StoredBodies
{
    private const string After = "SELECT id, prefix, file, octets FROM body WHERE id > ?1 ORDER BY id LIMIT ?2";

    private const string Among = "SELECT id FROM body WHERE id > ?1 AND id <= ?2";

    private const string One = "SELECT id, prefix, file, octets FROM body WHERE id = ?1";

    /// <summary>Ids are never used again, so this says how far the store ever was.</summary>
    private const string Highest = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'body'), 0)";

    internal static IReadOnlyList<BodyToRead> ReadAfter(StoreConnection connection, (long After, int Limit) query)
    {
        var bodies = new List<BodyToRead>();
        var rows = connection.Prepare(After).Bind(1, query.After).Bind(2, query.Limit);
        while (rows.Step())
            bodies.Add(Read(rows));
        return bodies;
    }

    internal static BodyToRead? Find(StoreConnection connection, long body)
    {
        var row = connection.Prepare(One).Bind(1, body);
        if (!row.Step())
            return null;
        var found = Read(row);
        row.Reset();
        return found;
    }

    internal static HashSet<long> Ids(StoreConnection connection, (long After, long UpTo) query)
    {
        var ids = new HashSet<long>();
        var rows = connection.Prepare(Among).Bind(1, query.After).Bind(2, query.UpTo);
        while (rows.Step())
            ids.Add(rows.Long(0));
        return ids;
    }

    internal static long HighestId(StoreConnection connection)
    {
        var row = connection.Prepare(Highest);
        var id = row.Step() ? row.Long(0) : 0;
        row.Reset();
        return id;
    }

    private static BodyToRead Read(Statement row) => new(row.Long(0), row.Blob(1).ToArray(), row.TextOrNull(2), row.Long(3));
}
