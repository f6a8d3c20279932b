using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Finds the conversation of a message that comes (RFC 8474 §5.3), and remembers by what the next is found.</summary>
internal static class ThreadStatements
{
    /// <summary>Of several the oldest: conversations are numbered by their first bodies.</summary>
    private const string FindByIds =
        "SELECT min(thread_id) FROM thread_link WHERE account_id = ?1 AND key IN (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

    private const string FindBySubject = "SELECT thread_id FROM thread_link WHERE account_id = ?1 AND key = ?2";

    private const string InsertId = "INSERT OR IGNORE INTO thread_link (account_id, key, thread_id) VALUES (?1, ?2, ?3)";

    /// <summary>The latest conversation with a subject is the one that is answered.</summary>
    private const string InsertSubject =
        "INSERT INTO thread_link (account_id, key, thread_id) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET thread_id = excluded.thread_id";

    private const string FindMany = "SELECT account_id FROM thread_link GROUP BY account_id HAVING count(*) > ?1";

    private const string NthLatest = "SELECT thread_id FROM thread_link WHERE account_id = ?1 ORDER BY thread_id DESC LIMIT 1 OFFSET ?2";

    private const string ForgetOldest = "DELETE FROM thread_link WHERE account_id = ?1 AND thread_id < ?2";

    /// <param name="body">The message's own body, which names the conversation when it is the first.</param>
    internal static long FindOrBegin(WriteTurn turn, AccountId account, ThreadKeys keys, long body)
    {
        var found = Find(turn, account, keys);
        var thread = found ?? body;
        if (keys.Own is { } own)
            Insert(turn, InsertId, account, own, thread);
        if (found is not null)
            return thread;

        // A beginning, as far as we know. What it refers to may come yet, or was never here but is what others refer to as well.
        foreach (var ancestor in keys.Ancestors)
            Insert(turn, InsertId, account, ancestor, thread);
        if (keys.Subject is { } subject)
            Insert(turn, InsertSubject, account, subject, thread);
        return thread;
    }

    /// <summary>The accounts with more links than they need, and from which conversation on theirs are kept.</summary>
    internal static IReadOnlyList<(AccountId Account, long KeepFrom)> TooMany(StoreConnection connection, int links)
    {
        var accounts = new List<AccountId>();
        var found = connection.Prepare(FindMany).Bind(1, links);
        while (found.Step())
            accounts.Add(new AccountId(found.Long(0)));

        var borders = new List<(AccountId Account, long KeepFrom)>(accounts.Count);
        foreach (var account in accounts)
        {
            var border = connection.Prepare(NthLatest).Bind(1, account.Value).Bind(2, links - 1);
            if (border.Step())
                borders.Add((account, border.Long(0)));
        }

        return borders;
    }

    /// <summary>Forgets the links of conversations that began before one.</summary>
    internal static int Forget(WriteTurn turn, AccountId account, long keepFrom)
    {
        turn.Prepare(ForgetOldest).Bind(1, account.Value).Bind(2, keepFrom).Run();
        return turn.Connection.Changes;
    }

    private static long? Find(WriteTurn turn, AccountId account, ThreadKeys keys)
    {
        if (keys.Own is not null || keys.Ancestors.Count > 0)
        {
            var byIds = turn.Prepare(FindByIds).Bind(1, account.Value).Bind(2, keys.Own);
            for (var i = 0; i < keys.Ancestors.Count; i++)
                byIds.Bind(3 + i, keys.Ancestors[i]);
            if (byIds.Step() && byIds.LongOrNull(0) is { } thread)
                return thread;
        }

        if (keys is not { IsReply: true, Subject: { } subject })
            return null;
        var bySubject = turn.Prepare(FindBySubject).Bind(1, account.Value).Bind(2, subject);
        return bySubject.Step() ? bySubject.Long(0) : null;
    }

    private static void Insert(WriteTurn turn, string sql, AccountId account, long key, long thread) =>
        turn.Prepare(sql).Bind(1, account.Value).Bind(2, key).Bind(3, thread).Run();
}
