using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Search.Sqlite;

/// <summary>What of a message is not kept in memory: the instant it was saved, its conversation.</summary>
internal static class MessageColumns
{
    private const string Between = "SELECT uid, save_date, thread_id FROM message WHERE mailbox_id = ?1 AND uid >= ?2 ORDER BY uid LIMIT ?3";

    internal static List<MessageColumn> Read(StoreConnection connection, (MailboxId Mailbox, uint From, int Limit) query)
    {
        var columns = new List<MessageColumn>(query.Limit);
        var rows = connection.Prepare(Between).Bind(1, query.Mailbox.Value).Bind(2, query.From).Bind(3, query.Limit);
        while (rows.Step())
            columns.Add(new MessageColumn((uint)rows.Long(0), rows.Long(1), rows.Long(2)));
        return columns;
    }
}

/// <param name="SavedAt">Unix milliseconds (RFC 8514).</param>
/// <param name="Thread">0 while it has none.</param>
internal readonly record struct MessageColumn(uint Uid, long SavedAt, long Thread);
