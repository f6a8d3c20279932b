using System.Globalization;
using MailSuite.Mda.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mda.Search.Sqlite;

/// <summary>The file <c>search.db</c>: made, judged and thrown away. All that is in it can be made again from the messages.</summary>
internal static class SearchDatabase
{
    /// <summary>Changes with the schema, and with what is stored for a message: an older file is made anew.</summary>
    private const int Version = 2;

    /// <summary>
    /// The trigrams of a text lead to its message, no further (<c>detail=none</c>): what they find is verified in the text that is kept
    /// beside them, so the index is a third of one that knows positions. Terms of one or two characters have their own index where a
    /// script writes words with so few (everything but ASCII).
    /// </summary>
    private const string Schema = """
        CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE facts (
            body_id INTEGER PRIMARY KEY, partial INTEGER NOT NULL, sent_at INTEGER, sent_day INTEGER, subject TEXT NOT NULL, is_reply INTEGER NOT NULL,
            from_box BLOB NOT NULL, to_box BLOB NOT NULL, cc_box BLOB NOT NULL, from_name BLOB NOT NULL, to_name BLOB NOT NULL, ids BLOB NOT NULL);
        CREATE INDEX partial_facts ON facts (body_id) WHERE partial <> 0;
        CREATE INDEX dated_facts ON facts (body_id, partial, sent_at, sent_day);
        CREATE TABLE head (body_id INTEGER PRIMARY KEY, text BLOB NOT NULL);
        CREATE TABLE body (body_id INTEGER PRIMARY KEY, text BLOB NOT NULL);
        CREATE VIRTUAL TABLE head_index USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1');
        CREATE VIRTUAL TABLE body_index USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1');
        CREATE VIRTUAL TABLE head_short USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='ascii');
        CREATE VIRTUAL TABLE body_short USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='ascii');
        INSERT INTO head_index (head_index, rank) VALUES ('hashsize', 8388608);
        INSERT INTO body_index (body_index, rank) VALUES ('hashsize', 16777216);
        """;

    /// <summary>Opens the file for the one who writes it; makes it where there is none that this program can use.</summary>
    internal static StoreConnection OpenForWriting(string path, TimeSpan busyTimeout)
    {
        if (!IsUsable(path))
        {
            Delete(path);
            Make(path);
        }

        var connection = StoreConnection.OpenForWriting(path, busyTimeout);
        // What a power cut takes is made again: no sync but when the WAL is folded back.
        connection.Execute("PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=67108864;");
        return connection;
    }

    /// <summary>Whether the file is there, whole as far as can be seen, and of this version.</summary>
    internal static bool IsUsable(string path)
    {
        if (!File.Exists(path))
            return false;

        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version";
            return command.ExecuteScalar() is long version && version == Version;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    internal static void Delete(string path)
    {
        foreach (var file in new[] { path, path + "-wal", path + "-shm" })
            File.Delete(file);
    }

    private static void Make(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture, $"PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; BEGIN; {Schema} PRAGMA user_version={Version}; COMMIT;");
        command.ExecuteNonQuery();
    }
}
