using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Search.Sqlite;

/// <summary>Walks an account's messages from the newest.</summary>
internal static class AccountMessages
{
    private const string Newest = """
        SELECT internal_date, mailbox_id, uid, body_id FROM message
        WHERE account_id = ?1 AND (internal_date, mailbox_id, uid) < (?2, ?3, ?4) ORDER BY internal_date DESC, mailbox_id DESC, uid DESC LIMIT ?5
        """;

    private const string NewestOfMailbox = """
        SELECT internal_date, mailbox_id, uid, body_id FROM message
        WHERE account_id = ?1 AND +mailbox_id = ?6 AND (internal_date, mailbox_id, uid) < (?2, ?3, ?4) ORDER BY internal_date DESC, mailbox_id DESC, uid DESC LIMIT ?5
        """;

    internal static List<PlacedMessage> Read(StoreConnection connection, (AccountId Account, MailboxId? Mailbox, PlacedMessage Before, int Limit) query)
    {
        var messages = new List<PlacedMessage>(query.Limit);
        var rows = connection.Prepare(query.Mailbox is null ? Newest : NewestOfMailbox)
            .Bind(1, query.Account.Value).Bind(2, query.Before.InternalDate).Bind(3, query.Before.Mailbox.Value).Bind(4, query.Before.Uid.Value).Bind(5, query.Limit);
        if (query.Mailbox is { } mailbox)
            rows.Bind(6, mailbox.Value);
        while (rows.Step())
            messages.Add(new PlacedMessage(rows.Long(0), new MailboxId(rows.Long(1)), new Uid((uint)rows.Long(2)), rows.Long(3)));
        return messages;
    }
}

/// <summary>A message and its place among all of its account.</summary>
internal readonly record struct PlacedMessage(long InternalDate, MailboxId Mailbox, Uid Uid, long Body)
{
    /// <summary>Before which are all.</summary>
    internal static readonly PlacedMessage End = new(long.MaxValue, new MailboxId(long.MaxValue), new Uid(uint.MaxValue), 0);
}
