namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads and makes keyword sets.</summary>
internal static class KeywordStatements
{
    private const string FindById = "SELECT names FROM keyword_set WHERE id = ?1";

    private const string FindByNames = "SELECT id FROM keyword_set WHERE names = ?1";

    private const string LastId = "SELECT coalesce(max(id), 0) FROM keyword_set";

    private const string Insert = "INSERT INTO keyword_set (names) VALUES (?1)";

    /// <summary>The set with this id; an empty one for an id that no row has.</summary>
    internal static KeywordSet Read(StoreConnection connection, int id)
    {
        var row = connection.Prepare(FindById).Bind(1, id);
        var set = row.Step() ? new KeywordSet(id, row.Text(0)) : new KeywordSet(id, string.Empty);
        row.Reset();
        return set;
    }

    /// <summary><see langword="null"/> when there is none and there are so many others.</summary>
    internal static KeywordSet? FindOrAdd(WriteTurn turn, string text, int maxSets)
    {
        var row = turn.Prepare(FindByNames).Bind(1, text);
        if (row.Step())
        {
            var id = (int)row.Long(0);
            row.Reset();
            return new KeywordSet(id, text);
        }

        // None is ever removed, so the last id is their number.
        var last = turn.Prepare(LastId);
        if (last.Step() && last.Long(0) >= maxSets)
            return null;
        turn.Prepare(Insert).Bind(1, text).Run();
        return new KeywordSet((int)turn.Connection.LastInsertId, text);
    }
}
