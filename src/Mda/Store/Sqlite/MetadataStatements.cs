using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads and changes annotations. Mailbox 0 is the server.</summary>
internal static class MetadataStatements
{
    private const string ListOfMailbox = "SELECT mailbox_id, entry, value FROM metadata WHERE mailbox_id = ?1 AND account_id IN (0, ?2) ORDER BY entry";

    private const string ListOfAll = """
        SELECT metadata.mailbox_id, metadata.entry, metadata.value FROM metadata JOIN mailbox ON mailbox.id = metadata.mailbox_id
        WHERE metadata.account_id IN (0, ?1) AND mailbox.removed_at IS NULL AND (mailbox.account_id = ?1 OR mailbox.id IN (SELECT mailbox_id FROM acl))
        ORDER BY metadata.mailbox_id, metadata.entry
        """;

    private const string Upsert = """
        INSERT INTO metadata (mailbox_id, account_id, entry, value) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (mailbox_id, account_id, entry) DO UPDATE SET value = excluded.value
        """;

    private const string Delete = "DELETE FROM metadata WHERE mailbox_id = ?1 AND account_id = ?2 AND entry = ?3";

    private const string CountPrivate = "SELECT count(*) FROM metadata WHERE account_id = ?1";

    private const string CountShared = """
        SELECT count(*) FROM metadata WHERE account_id = 0 AND mailbox_id IN (SELECT id FROM mailbox WHERE account_id = ?1)
        """;

    private const string CountOfServer = "SELECT count(*) FROM metadata WHERE account_id = 0 AND mailbox_id = 0";

    /// <summary>The annotations of one mailbox that a person sees, by entry.</summary>
    internal static IReadOnlyList<Annotation> List(StoreConnection connection, (MailboxId Mailbox, AccountId Who) asked) =>
        Read(connection.Prepare(ListOfMailbox).Bind(1, asked.Mailbox.Value).Bind(2, asked.Who.Value));

    /// <summary>Those of all mailboxes that may be theirs to see, in one query; the caller knows which they are.</summary>
    internal static IReadOnlyList<Annotation> ListAll(StoreConnection connection, AccountId who) => Read(connection.Prepare(ListOfAll).Bind(1, who.Value));

    /// <param name="value"><see langword="null"/> removes it.</param>
    internal static void Set(WriteTurn turn, MailboxId mailbox, AccountId account, MetadataEntry entry, byte[]? value)
    {
        if (value is null)
            turn.Prepare(Delete).Bind(1, mailbox.Value).Bind(2, account.Value).Bind(3, entry.Name).Run();
        else
            turn.Prepare(Upsert).Bind(1, mailbox.Value).Bind(2, account.Value).Bind(3, entry.Name).BindBlob(4, value).Run();
    }

    internal static long PrivateOf(StoreConnection connection, AccountId who) => Single(connection.Prepare(CountPrivate).Bind(1, who.Value));

    internal static long SharedOf(StoreConnection connection, AccountId owner) => Single(connection.Prepare(CountShared).Bind(1, owner.Value));

    internal static long OfServer(StoreConnection connection) => Single(connection.Prepare(CountOfServer));

    private static List<Annotation> Read(Statement rows)
    {
        var annotations = new List<Annotation>();
        while (rows.Step())
            annotations.Add(new Annotation(new MailboxId(rows.Long(0)), rows.Text(1), rows.Blob(2).ToArray()));
        return annotations;
    }

    private static long Single(Statement row)
    {
        var value = row.Step() ? row.Long(0) : 0;
        row.Reset();
        return value;
    }
}
