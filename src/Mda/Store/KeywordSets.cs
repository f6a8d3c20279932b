using System.Collections.Concurrent;
using MailSuite.Mda.Store.Sqlite;

namespace MailSuite.Mda.Store;

/// <summary>The keyword sets of the store that messages in memory point to; a set is read once and never changes.</summary>
internal sealed class KeywordSets
{
    /// <summary>Keywords of a message at most. DEVIATION: the RFCs name no limit; Cyrus has 128 for a whole mailbox.</summary>
    internal const int MaxNames = 64;

    /// <summary>Octets of a keyword at most; Dovecot has 50 (mail_max_keyword_length).</summary>
    internal const int MaxNameOctets = 64;

    /// <summary>
    /// Sets of the whole store, of which none is ever removed: no quota counts them, so they are bounded. People come to some hundred, since all
    /// share them.
    /// </summary>
    internal const int MaxSets = 200_000;

    private readonly ConcurrentDictionary<int, KeywordSet> _byId = new();
    private readonly ConcurrentDictionary<string, KeywordSet> _byText = new(StringComparer.Ordinal);

    /// <summary>A set that a message of a snapshot has: those are always here.</summary>
    internal KeywordSet this[int id] => id == 0 ? KeywordSet.Empty : _byId.GetValueOrDefault(id, KeywordSet.Empty);

    internal bool Has(int id) => id == 0 || _byId.ContainsKey(id);

    /// <summary>Takes sets that were committed.</summary>
    internal void Add(IEnumerable<KeywordSet> sets)
    {
        foreach (var set in sets)
        {
            _byText.TryAdd(set.Text, set);
            _byId.TryAdd(set.Id, set);
        }
    }

    /// <summary>The set with this id, within a transaction that may have made it itself.</summary>
    internal KeywordSet Find(WriteTurn turn, int id)
    {
        if (Has(id))
            return this[id];

        // Not remembered here: this transaction may be rolled back, and with it the id.
        var set = KeywordStatements.Read(turn.Connection, id);
        turn.Met(set);
        return set;
    }

    /// <summary>The set of these names, made if there was none yet; <see langword="null"/> beyond a limit.</summary>
    /// <param name="text">As <see cref="KeywordSet.TextOf"/> gives it.</param>
    internal KeywordSet? FindOrAdd(WriteTurn turn, string text)
    {
        if (text.Length == 0)
            return KeywordSet.Empty;
        if (_byText.TryGetValue(text, out var known))
            return known;

        var names = text.Split(' ');
        if (names.Length > MaxNames || names.Any(name => name.Length > MaxNameOctets) || KeywordStatements.FindOrAdd(turn, text, MaxSets) is not { } set)
            return null;
        turn.Met(set);
        return set;
    }
}
