using MailSuite.Mda.Store.Maintenance;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Checks that are a query each, and repairs that are a statement.</summary>
internal static class StoreChecks
{
    private const string Place = "mailbox.name || ' of ' || account.address";

    private const string OfMailbox = "mailbox JOIN account ON account.id = mailbox.account_id WHERE mailbox.removed_at IS NULL AND account.removed_at IS NULL";

    private const string Sizes = """
        SELECT (SELECT count(*) FROM account WHERE removed_at IS NULL), (SELECT count(*) FROM mailbox WHERE removed_at IS NULL),
            (SELECT count(*) FROM message), (SELECT count(*) FROM body), (SELECT count(*) FROM body WHERE file IS NOT NULL)
        """;

    internal static IReadOnlyList<IStoreCheck> OfBodies { get; } =
    [
        new QueryCheck(
            "SELECT printf('The envelope of body %d is that of no body.', body_id) FROM body_wire WHERE body_id NOT IN (SELECT id FROM body)",
            "DELETE FROM body_wire WHERE body_id NOT IN (SELECT id FROM body)"),
        new QueryCheck(
            "SELECT printf('The header of body %d is that of no body.', body_id) FROM body_head WHERE body_id NOT IN (SELECT id FROM body)",
            "DELETE FROM body_head WHERE body_id NOT IN (SELECT id FROM body)"),
        new QueryCheck("SELECT printf('%d octets are kept of body %d, which is no more; nothing says whose they are. They stay.', length(octets), body_id) FROM body_octets WHERE body_id NOT IN (SELECT id FROM body)"),
        new QueryCheck("SELECT printf('The octets of body %d are lost.', id) FROM body WHERE file IS NULL AND id NOT IN (SELECT body_id FROM body_octets)"),
        new QueryCheck(
            """
            SELECT printf('Body %d is said to have %d octets, and has %d.', body.id, body.octets, length(body_octets.octets) + coalesce(length(body.prefix), 0))
            FROM body JOIN body_octets ON body_octets.body_id = body.id WHERE body.file IS NULL AND body.octets <> length(body_octets.octets) + coalesce(length(body.prefix), 0)
            """,
            """
            UPDATE body SET octets = coalesce(length(prefix), 0) + length(body_octets.octets) FROM body_octets
            WHERE body_octets.body_id = body.id AND file IS NULL AND body.octets <> coalesce(length(prefix), 0) + length(body_octets.octets)
            """),
    ];

    internal static IReadOnlyList<IStoreCheck> OfMessages { get; } =
    [
        new QueryCheck("SELECT printf('Message %d in mailbox %d has no body: its octets are lost.', uid, mailbox_id) FROM message WHERE body_id NOT IN (SELECT id FROM body)"),
        new QueryCheck(
            "SELECT printf('Body %d says that %d messages have it, and %d have.', id, refs, n) FROM body JOIN (SELECT body_id, count(*) AS n FROM message GROUP BY body_id) ON body_id = id WHERE refs <> n",
            "UPDATE body SET refs = held.n FROM (SELECT body_id, count(*) AS n FROM message GROUP BY body_id) AS held WHERE held.body_id = body.id AND refs <> held.n"),
        new QueryCheck(
            "SELECT printf('Message %d in mailbox %d is said to have %d octets, and its body has %d.', uid, mailbox_id, message.octets, body.octets) FROM message JOIN body ON body.id = body_id WHERE message.octets <> body.octets",
            "UPDATE message SET octets = (SELECT octets FROM body WHERE id = body_id) WHERE octets <> (SELECT octets FROM body WHERE id = body_id)"),
        new QueryCheck(
            "SELECT printf('Message %d in mailbox %d is counted for account %d, and lies in one of account %d.', uid, mailbox_id, message.account_id, mailbox.account_id) FROM message JOIN mailbox ON mailbox.id = mailbox_id WHERE message.account_id <> mailbox.account_id",
            "UPDATE message SET account_id = (SELECT account_id FROM mailbox WHERE id = mailbox_id) WHERE account_id <> (SELECT account_id FROM mailbox WHERE id = mailbox_id)"),
        new QueryCheck(
            "SELECT printf('Message %d in mailbox %d has keyword set %d, which is no more: its keywords are lost.', uid, mailbox_id, keywords) FROM message WHERE keywords <> 0 AND keywords NOT IN (SELECT id FROM keyword_set)",
            "UPDATE message SET keywords = 0 WHERE keywords <> 0 AND keywords NOT IN (SELECT id FROM keyword_set)"),
        new QueryCheck(
            "SELECT printf('UID %d of mailbox %d is said to be expunged, and is there.', expunged.uid, expunged.mailbox_id) FROM expunged JOIN message USING (mailbox_id, uid)",
            "DELETE FROM expunged WHERE EXISTS (SELECT 1 FROM message WHERE message.mailbox_id = expunged.mailbox_id AND message.uid = expunged.uid)"),
    ];

    internal static IReadOnlyList<IStoreCheck> OfMailboxes { get; } =
    [
        new QueryCheck(
            $"SELECT printf('%s would give UID %d again, which was given.', {Place}, uid_next) FROM {OfMailbox} AND uid_next <= (SELECT max(coalesce((SELECT max(uid) FROM message WHERE mailbox_id = mailbox.id), 0), coalesce((SELECT max(uid) FROM expunged WHERE mailbox_id = mailbox.id), 0)))",
            """
            UPDATE mailbox SET uid_next = max(uid_next, 1 + coalesce((SELECT max(uid) FROM message WHERE mailbox_id = mailbox.id), 0), 1 + coalesce((SELECT max(uid) FROM expunged WHERE mailbox_id = mailbox.id), 0))
            """),
        new QueryCheck(
            $"SELECT printf('%s has ModSeq %d, and changes above it.', {Place}, highest_mod_seq) FROM {OfMailbox} AND highest_mod_seq < (SELECT max(coalesce((SELECT max(mod_seq) FROM message WHERE mailbox_id = mailbox.id), 0), coalesce((SELECT max(mod_seq) FROM expunged WHERE mailbox_id = mailbox.id), 0)))",
            """
            UPDATE mailbox SET highest_mod_seq = max(highest_mod_seq, coalesce((SELECT max(mod_seq) FROM message WHERE mailbox_id = mailbox.id), 0), coalesce((SELECT max(mod_seq) FROM expunged WHERE mailbox_id = mailbox.id), 0))
            """),
        Counter("messages", "count(*)", "messages"),
        Counter("unseen", "coalesce(sum(flags & 1 = 0), 0)", "unseen messages"),
        Counter("deleted", "coalesce(sum(flags & 8 <> 0), 0)", "messages marked as deleted"),
        Counter("octets", "coalesce(sum(octets), 0)", "octets"),
        new QueryCheck(
            "SELECT printf('The next mailbox would get a UIDVALIDITY of %d, and there is one of %d.', value + 1, (SELECT max(uid_validity) FROM mailbox)) FROM store_state WHERE name = 'uid_validity' AND value < (SELECT max(uid_validity) FROM mailbox)",
            "UPDATE store_state SET value = (SELECT max(uid_validity) FROM mailbox) WHERE name = 'uid_validity'"),
        Leftover("acl", "an access right", "mailbox_id", "mailbox"),
        Leftover("expunged", "an expunged UID", "mailbox_id", "mailbox"),
        Leftover("metadata", "an annotation", "mailbox_id", "mailbox", but: "mailbox_id <> 0"),
    ];

    internal static IReadOnlyList<IStoreCheck> OfAccounts { get; } =
    [
        Account("octets", "coalesce(sum(octets), 0)", "octets"),
        Account("messages", "count(*)", "messages"),
        new InboxCheck(),
        new QueryCheck("SELECT printf('Mailbox %s is that of account %d, which is no more.', name, account_id) FROM mailbox WHERE account_id NOT IN (SELECT id FROM account)"),
        Leftover("subscription", "a subscription", "account_id", "account"),
        Leftover("thread_link", "a link to a conversation", "account_id", "account"),
        Leftover("metadata", "an annotation", "account_id", "account", but: "account_id <> 0"),
    ];

    internal static StoreSize Size(StoreConnection connection)
    {
        var row = connection.Prepare(Sizes);
        row.Step();
        var size = new StoreSize(row.Long(0), row.Long(1), row.Long(2), row.Long(3), row.Long(4));
        row.Reset();
        return size;
    }

    /// <param name="count">Over the rows of <c>message</c>.</param>
    private static QueryCheck Counter(string column, string count, string what) => new(
        $"SELECT printf('%s counts %d {what}, and has %d.', {Place}, mailbox.{column}, (SELECT {count} FROM message WHERE mailbox_id = mailbox.id)) FROM {OfMailbox} AND mailbox.{column} <> (SELECT {count} FROM message WHERE mailbox_id = mailbox.id)",
        $"UPDATE mailbox SET {column} = (SELECT {count} FROM message WHERE mailbox_id = mailbox.id)");

    private static QueryCheck Account(string column, string count, string what) => new(
        $"SELECT printf('Account %s counts %d {what}, and has %d.', address, account.{column}, (SELECT {count} FROM message WHERE account_id = account.id)) FROM account WHERE removed_at IS NULL AND account.{column} <> (SELECT {count} FROM message WHERE account_id = account.id)",
        $"UPDATE account SET {column} = (SELECT {count} FROM message WHERE account_id = account.id) WHERE removed_at IS NULL");

    /// <summary>Rows that say something of what is no more, and would say it of nothing else: ids are not given again.</summary>
    private static QueryCheck Leftover(string table, string what, string column, string holder, string but = "1") => new(
        $"SELECT printf('There is {what} of {holder} %d, which is no more.', {column}) FROM {table} WHERE {but} AND {column} NOT IN (SELECT id FROM {holder}) GROUP BY {column}",
        $"DELETE FROM {table} WHERE {but} AND {column} NOT IN (SELECT id FROM {holder})");
}

/// <param name="find">Gives one sentence a row.</param>
/// <param name="repair">A statement; none for what cannot be repaired.</param>
internal sealed class QueryCheck(string find, string? repair = null) : IStoreCheck
{
    public IReadOnlyList<string> Find(StoreConnection connection) => Texts(connection, find);

    public void Repair(WriteTurn turn, DateTimeOffset now)
    {
        if (repair is not null)
            turn.Prepare(repair).Run();
    }

    internal static IReadOnlyList<string> Texts(StoreConnection connection, string sql)
    {
        var texts = new List<string>();
        var rows = connection.Prepare(sql);
        while (rows.Step())
            texts.Add(rows.Text(0));
        return texts;
    }
}
