using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads and adds to what accounts have sent.</summary>
internal static class SentMailStatements
{
    private const string AddHour = """
        INSERT INTO sent_hour (account_id, hour, messages, recipients) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (account_id, hour) DO UPDATE SET messages = messages + excluded.messages, recipients = recipients + excluded.recipients
        """;

    private const string DeleteOld = "DELETE FROM sent_hour WHERE hour < ?1";

    private const string ReadHours = "SELECT hour, messages, recipients FROM sent_hour WHERE account_id = ?1 AND hour >= ?2";

    /// <param name="oldest">Hours before it count no more, and go.</param>
    /// <returns>The number of hours added to.</returns>
    internal static int Add(WriteTurn turn, IReadOnlyList<KeyValuePair<(AccountId Account, long Hour), SentMail>> sent, long oldest)
    {
        foreach (var ((account, hour), more) in sent)
            turn.Prepare(AddHour).Bind(1, account.Value).Bind(2, hour).Bind(3, more.Messages).Bind(4, more.Recipients).Run();
        turn.Prepare(DeleteOld).Bind(1, oldest).Run();
        return sent.Count;
    }

    internal static IReadOnlyList<(long Hour, SentMail Sent)> Read(StoreConnection connection, (AccountId Account, long Oldest) query)
    {
        var hours = new List<(long, SentMail)>();
        var rows = connection.Prepare(ReadHours).Bind(1, query.Account.Value).Bind(2, query.Oldest);
        while (rows.Step())
            hours.Add((rows.Long(0), new SentMail(rows.Long(1), rows.Long(2))));
        return hours;
    }
}
