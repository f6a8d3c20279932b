using System.Text;
using MailSuite.Mda.Search.Sorting;
using MailSuite.Mda.Search.Text;
using MailSuite.Mda.Store.Sqlite;

namespace MailSuite.Mda.Search.Sqlite;

/// <summary>Writes the index and asks it.</summary>
internal static class IndexStatements
{
    private const string IndexedTo = "indexed_to";

    /// <summary>In the place of 1 for a text that is not whole: nothing of it is known.</summary>
    private const int Unreadable = 2;

    /// <summary>Trigrams of a needle that are asked for at most; what they find is verified in any case.</summary>
    private const int MaxTrigrams = 12;

    private const string InsertFacts = """
        INSERT INTO facts (body_id, partial, sent_at, sent_day, subject, is_reply, from_box, to_box, cc_box, from_name, to_name, ids)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """;

    /// <summary>The dates have an index that covers them: it is a tenth of the table.</summary>
    private const string SelectDates = "SELECT partial, sent_at, sent_day FROM facts INDEXED BY dated_facts WHERE body_id = ?1";

    private const string SelectFacts = "SELECT partial, sent_at, sent_day, subject, is_reply, from_box, to_box, cc_box, from_name, to_name, ids FROM facts WHERE body_id = ?1";

    private static readonly string[] Tables = ["facts", "head", "body"];

    private static readonly string[] Indexes = ["head_index", "body_index", "head_short", "body_short"];

    /// <summary>Every body up to this one is in the index, or is gone.</summary>
    internal static long IndexedUpTo(StoreConnection connection)
    {
        var row = connection.Prepare("SELECT value FROM state WHERE name = ?1").Bind(1, IndexedTo);
        var value = row.Step() ? row.Long(0) : 0;
        row.Reset();
        return value;
    }

    internal static void SetIndexedUpTo(StoreConnection connection, long body) =>
        connection.Prepare("INSERT INTO state (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value").Bind(1, IndexedTo).Bind(2, body).Run();

    internal static void Insert(StoreConnection connection, long body, IndexedText text)
    {
        var facts = text.Facts;
        connection.Prepare(InsertFacts).Bind(1, body).Bind(2, ReferenceEquals(text, IndexedText.Unreadable) ? Unreadable : text.IsPartial ? 1 : 0).Bind(3, facts.SentAt).Bind(4, facts.SentDay)
            .Bind(5, facts.Subject.Text).Bind(6, facts.Subject.IsReply ? 1 : 0).BindBlob(7, facts.From).BindBlob(8, facts.To).BindBlob(9, facts.Cc)
            .BindBlob(10, facts.FromName).BindBlob(11, facts.ToName).BindBlob(12, facts.Ids).Run();
        InsertText(connection, body, text.Head, "INSERT INTO head (body_id, text) VALUES (?1, ?2)", "head_index", "head_short");
        InsertText(connection, body, text.Body, "INSERT INTO body (body_id, text) VALUES (?1, ?2)", "body_index", "body_short");
    }

    internal static void Delete(StoreConnection connection, long body)
    {
        foreach (var table in Tables)
            connection.Prepare($"DELETE FROM {table} WHERE body_id = ?1").Bind(1, body).Run();
        foreach (var index in Indexes)
            connection.Prepare($"DELETE FROM {index} WHERE rowid = ?1").Bind(1, body).Run();
    }

    /// <summary>Ids in the index above <paramref name="query"/>.After, ascending.</summary>
    internal static List<long> Indexed(StoreConnection connection, (long After, int Limit) query)
    {
        var ids = new List<long>(query.Limit);
        var rows = connection.Prepare("SELECT body_id FROM facts WHERE body_id > ?1 ORDER BY body_id LIMIT ?2").Bind(1, query.After).Bind(2, query.Limit);
        while (rows.Step())
            ids.Add(rows.Long(0));
        return ids;
    }

    /// <summary>The bodies of which only the beginning is in the index.</summary>
    internal static HashSet<long> Partial(StoreConnection connection)
    {
        var ids = new HashSet<long>();
        var rows = connection.Prepare("SELECT body_id FROM facts WHERE partial <> 0");
        while (rows.Step())
            ids.Add(rows.Long(0));
        return ids;
    }

    /// <summary>The bodies that may contain the needle: all that do, and perhaps others.</summary>
    /// <param name="table"><c>head</c> or <c>body</c>.</param>
    /// <param name="needle">Folded, without accents.</param>
    /// <returns><see langword="null"/> when no index leads to such a needle.</returns>
    internal static HashSet<long>? Candidates(StoreConnection connection, string table, ReadOnlySpan<byte> needle)
    {
        string index;
        string match;
        var characters = Encoding.UTF8.GetString(needle).EnumerateRunes().Select(rune => rune.ToString()).ToArray();
        if (characters.Length >= 3)
        {
            (index, match) = ($"{table}_index", Trigrams(characters));
        }
        else
        {
            if (ShortTerms.For(needle) is not { } term)
                return null;
            (index, match) = ($"{table}_short", Quoted(term));
        }

        var ids = new HashSet<long>();
        var rows = connection.Prepare($"SELECT rowid FROM {index} WHERE {index} MATCH ?1").Bind(1, match);
        while (rows.Step())
            ids.Add(rows.Long(0));
        return ids;
    }

    /// <summary>The facts of some bodies; <see langword="null"/> for one that is not in the index.</summary>
    /// <param name="datesAlone">Of the facts only the dates.</param>
    internal static SearchFacts?[] Facts(StoreConnection connection, IReadOnlyList<long> bodies, int from, int to, bool datesAlone)
    {
        var facts = new SearchFacts?[to - from];
        var row = connection.Prepare(datesAlone ? SelectDates : SelectFacts);
        for (var i = 0; i < facts.Length; i++, row.Reset())
        {
            if (!row.Bind(1, bodies[from + i]).Step() || row.Long(0) == Unreadable)
                continue;
            var dates = SearchFacts.Nothing with { SentAt = row.LongOrNull(1), SentDay = (int?)row.LongOrNull(2) };
            facts[i] = datesAlone ? dates : dates with
            {
                Subject = new BaseSubject(row.Text(3), row.Long(4) != 0),
                From = row.Blob(5).ToArray(),
                To = row.Blob(6).ToArray(),
                Cc = row.Blob(7).ToArray(),
                FromName = row.Blob(8).ToArray(),
                ToName = row.Blob(9).ToArray(),
                Ids = row.Blob(10).ToArray(),
            };
        }

        return facts;
    }

    /// <param name="table"><c>head</c> or <c>body</c>.</param>
    /// <returns>For <see cref="Look"/>: prepared once for many bodies.</returns>
    internal static Statement Texts(StoreConnection connection, string table) =>
        connection.Prepare(table == "head" ? "SELECT text FROM head WHERE body_id = ?1" : "SELECT text FROM body WHERE body_id = ?1");

    /// <summary>Gives the stored text of a body to <paramref name="look"/>.</summary>
    /// <returns><see langword="null"/> when the body is not in the index.</returns>
    internal static bool? Look(Statement texts, long body, Evaluation.TextProbe.Look look)
    {
        if (!texts.Bind(1, body).Step())
            return null;
        var found = look(texts.Blob(0));
        texts.Reset();
        return found;
    }

    private static void InsertText(StoreConnection connection, long body, ReadOnlyMemory<byte> text, string insert, string index, string shortIndex)
    {
        connection.Prepare(insert).Bind(1, body).BindBlob(2, text.Span).Run();
        var plain = FoldedText.WithoutAccents(text).Span;
        connection.Prepare($"INSERT INTO {index} (rowid, text) VALUES (?1, CAST(?2 AS TEXT))").Bind(1, body).BindBlob(2, plain).Run();
        if (ShortTerms.Of(plain) is { Length: > 0 } terms)
            connection.Prepare($"INSERT INTO {shortIndex} (rowid, text) VALUES (?1, ?2)").Bind(1, body).Bind(2, terms).Run();
    }

    /// <summary>Some trigrams of the needle, from all over it.</summary>
    private static string Trigrams(string[] characters)
    {
        var count = characters.Length - 2;
        var asked = Math.Min(count, MaxTrigrams);
        var chosen = Enumerable.Range(0, asked).Select(i => asked == 1 ? 0 : (int)((long)i * (count - 1) / (asked - 1))).Distinct();
        return string.Join(" AND ", chosen.Select(at => Quoted(string.Concat(characters[at..(at + 3)]))));
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
