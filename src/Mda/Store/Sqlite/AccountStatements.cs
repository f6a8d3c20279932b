using MailSuite.Mda.Accounts;
using MailSuite.Mda.Store.Model;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads and changes accounts.</summary>
internal static class AccountStatements
{
    private const string Columns = """
        SELECT account.id, account.address, account.display_name, mailbox.id,
            coalesce((SELECT min(junk.id) FROM mailbox AS junk WHERE junk.account_id = account.id AND junk.special_use = 5 AND junk.removed_at IS NULL), mailbox.id),
            account.is_administrator, account.quota_octets, account.quota_messages
        FROM account JOIN mailbox ON mailbox.account_id = account.id AND mailbox.special_use = 1
        """;

    private const string FindByKey = Columns + " WHERE account.address_key = ?1";

    private const string FindById = Columns + " WHERE account.id = ?1 AND account.removed_at IS NULL";

    private const string FindFirst = Columns + " WHERE account.removed_at IS NULL ORDER BY account.id LIMIT 1";

    private const string ListAll = Columns + " WHERE account.removed_at IS NULL ORDER BY account.address_key";

    /// <summary>A local-part in any domain, or a display name. The pattern has what LIKE would take for a joker escaped.</summary>
    private const string FindNamed = Columns + """
         WHERE account.removed_at IS NULL AND (account.address_key LIKE ?1 ESCAPE '\' OR account.display_name = ?2 COLLATE NOCASE)
        ORDER BY account.address_key LIMIT ?3
        """;

    private const string ReadPassword = "SELECT password FROM account WHERE id = ?1 AND removed_at IS NULL";

    private const string ReadState = "SELECT value FROM store_state WHERE name = ?1";

    private const string WriteState = "UPDATE store_state SET value = ?2 WHERE name = ?1";

    private const string InsertAccount =
        "INSERT INTO account (address, address_key, display_name, password, scram, octets, messages, created_at) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6)";

    private const string UpdatePassword = "UPDATE account SET password = ?2, scram = ?3 WHERE id = ?1 AND removed_at IS NULL";

    private const string ReplacePassword = "UPDATE account SET password = ?2 WHERE id = ?1 AND removed_at IS NULL AND password = ?3";

    private const string InsertScram = "UPDATE account SET scram = ?2 WHERE id = ?1 AND removed_at IS NULL AND password = ?3 AND scram IS NULL";

    private const string ReadScram = "SELECT scram FROM account WHERE id = ?1 AND removed_at IS NULL AND password IS NOT NULL";

    private const string UpdateHiddenCapabilities = "UPDATE account SET hidden_capabilities = ?2 WHERE id = ?1";

    private const string ReadHiddenCapabilities = "SELECT hidden_capabilities FROM account WHERE id = ?1";

    private const string AnyWithoutScram = "SELECT EXISTS (SELECT 1 FROM account WHERE scram IS NULL AND password IS NOT NULL AND removed_at IS NULL)";

    private const string UpdateAdministrator = "UPDATE account SET is_administrator = ?2 WHERE id = ?1 AND removed_at IS NULL";

    private const string BeginRemoval = "UPDATE account SET removed_at = ?2, address_key = NULL, password = NULL, scram = NULL WHERE id = ?1 AND removed_at IS NULL";

    private const string RemoveMailboxes = "UPDATE mailbox SET removed_at = ?2 WHERE account_id = ?1 AND removed_at IS NULL RETURNING id";

    /// <summary>An address that somebody else gets later must not bring them what was shared with the one before.</summary>
    private const string DeleteItsRights = """
        DELETE FROM acl WHERE identifier IN (SELECT address_key FROM account WHERE id = ?1 UNION SELECT '-' || address_key FROM account WHERE id = ?1)
        """;

    /// <summary>What every account has from the start (RFC 6154; INBOX by RFC 9051 §5.1).</summary>
    private static readonly (string Name, SpecialUse Use)[] FirstMailboxes =
    [
        ("INBOX", SpecialUse.Inbox), ("Drafts", SpecialUse.Drafts), ("Sent", SpecialUse.Sent),
        ("Archive", SpecialUse.Archive), ("Junk", SpecialUse.Junk), ("Trash", SpecialUse.Trash),
    ];

    internal static AccountEntry? Find(StoreConnection connection, string addressKey) => ReadOne(connection.Prepare(FindByKey).Bind(1, addressKey));

    internal static AccountEntry? Find(StoreConnection connection, AccountId id) => ReadOne(connection.Prepare(FindById).Bind(1, id.Value));

    /// <summary>The account that was made first.</summary>
    internal static AccountEntry? First(StoreConnection connection) => ReadOne(connection.Prepare(FindFirst));

    internal static IReadOnlyList<Account> List(StoreConnection connection)
    {
        var accounts = new List<Account>();
        var rows = connection.Prepare(ListAll);
        while (rows.Step())
            accounts.Add(Read(rows).Account);
        return accounts;
    }

    /// <summary>The accounts whose local-part or display name this is, so many at most.</summary>
    internal static IReadOnlyList<Account> FindByName(StoreConnection connection, (string Name, int Limit) asked)
    {
        var accounts = new List<Account>();
        var escaped = asked.Name.ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        var rows = connection.Prepare(FindNamed).Bind(1, $"{escaped}@%").Bind(2, asked.Name).Bind(3, asked.Limit);
        while (rows.Step())
            accounts.Add(Read(rows).Account);
        return accounts;
    }

    /// <summary>The stored PHC string; <see langword="null"/> when nobody can sign in.</summary>
    internal static string? Password(StoreConnection connection, AccountId id)
    {
        var row = connection.Prepare(ReadPassword).Bind(1, id.Value);
        return row.Step() ? row.TextOrNull(0) : null;
    }

    /// <summary>Capabilities of IMAP that the account's clients are not offered.</summary>
    internal static IReadOnlySet<string> HiddenCapabilities(StoreConnection connection, AccountId id)
    {
        var row = connection.Prepare(ReadHiddenCapabilities).Bind(1, id.Value);
        var text = row.Step() ? row.TextOrNull(0) : null;
        return (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    internal static void SetHiddenCapabilities(WriteTurn turn, AccountId id, IReadOnlyCollection<string> names) =>
        turn.Prepare(UpdateHiddenCapabilities).Bind(1, id.Value).Bind(2, names.Count == 0 ? null : string.Join(' ', names)).Run();

    /// <summary>The stored keys of SCRAM; <see langword="null"/> when there are none, or nobody can sign in.</summary>
    internal static string? Scram(StoreConnection connection, AccountId id)
    {
        var row = connection.Prepare(ReadScram).Bind(1, id.Value);
        return row.Step() ? row.TextOrNull(0) : null;
    }

    /// <summary>Whether somebody can sign in by a password whose keys have not been made.</summary>
    internal static bool SomebodyLacksScram(StoreConnection connection)
    {
        var row = connection.Prepare(AnyWithoutScram);
        return row.Step() && row.Long(0) != 0;
    }

    internal static long State(StoreConnection connection, string name)
    {
        var row = connection.Prepare(ReadState).Bind(1, name);
        return row.Step() ? row.Long(0) : 0;
    }

    internal static void SetState(WriteTurn turn, string name, long value) => turn.Prepare(WriteState).Bind(1, name).Bind(2, value).Run();

    /// <summary>Makes the account with its mailboxes; <see langword="null"/> when the address has one already.</summary>
    internal static AccountEntry? Add(WriteTurn turn, EnvelopeAddress address, StoredPassword? password, string? displayName, DateTimeOffset now)
    {
        if (Find(turn.Connection, AddressKey.Of(address)) is not null)
            return null;

        turn.Prepare(InsertAccount)
            .Bind(1, address.ToString())
            .Bind(2, AddressKey.Of(address))
            .Bind(3, displayName)
            .Bind(4, password?.Hash)
            .Bind(5, password?.Scram)
            .Bind(6, now.ToUnixTimeMilliseconds())
            .Run();
        var id = turn.Connection.LastInsertId;

        var owner = new AccountId(id);
        var inbox = default(MailboxId);
        var junk = default(MailboxId);
        foreach (var (name, use) in FirstMailboxes)
        {
            var mailbox = NamespaceChanging.Insert(turn, owner, name, use, now);
            NamespaceChanging.Subscribe(turn, owner, name);
            if (use == SpecialUse.Inbox)
                inbox = mailbox;
            else if (use == SpecialUse.Junk)
                junk = mailbox;
        }

        return new AccountEntry(new Account(owner, address, displayName), inbox, junk, OwnOctets: null, OwnMessages: null);
    }

    internal static bool SetPassword(WriteTurn turn, AccountId id, StoredPassword password)
    {
        turn.Prepare(UpdatePassword).Bind(1, id.Value).Bind(2, password.Hash).Bind(3, password.Scram).Run();
        return turn.Connection.Changes > 0;
    }

    internal static bool SetAdministrator(WriteTurn turn, AccountId id, bool isAdministrator)
    {
        turn.Prepare(UpdateAdministrator).Bind(1, id.Value).Bind(2, isAdministrator ? 1 : 0).Run();
        return turn.Connection.Changes > 0;
    }

    /// <summary>Puts a newer hash of the same password in the place of <paramref name="old"/>, unless somebody changed it meanwhile.</summary>
    internal static bool ReplaceHash(WriteTurn turn, AccountId id, string old, string renewed)
    {
        turn.Prepare(ReplacePassword).Bind(1, id.Value).Bind(2, renewed).Bind(3, old).Run();
        return turn.Connection.Changes > 0;
    }

    /// <summary>Adds the keys of an account that has none, unless its password was changed meanwhile.</summary>
    internal static bool AddScram(WriteTurn turn, AccountId id, string hash, string scram)
    {
        turn.Prepare(InsertScram).Bind(1, id.Value).Bind(2, scram).Bind(3, hash).Run();
        return turn.Connection.Changes > 0;
    }

    /// <summary>Frees the address at once; the mail goes in steps afterwards.</summary>
    internal static bool Remove(WriteTurn turn, AccountId id, DateTimeOffset now)
    {
        turn.Prepare(DeleteItsRights).Bind(1, id.Value).Run();
        turn.Prepare(BeginRemoval).Bind(1, id.Value).Bind(2, now.ToUnixTimeMilliseconds()).Run();
        if (turn.Connection.Changes == 0)
            return false;

        var mailboxes = turn.Prepare(RemoveMailboxes).Bind(1, id.Value).Bind(2, now.ToUnixTimeMilliseconds());
        while (mailboxes.Step())
            turn.MailboxRemoved(id, new MailboxId(mailboxes.Long(0)));
        SetState(turn, StoreStateRow.DirectoryVersion, State(turn.Connection, StoreStateRow.DirectoryVersion) + 1);
        return true;
    }

    private static AccountEntry? ReadOne(Statement row)
    {
        var entry = row.Step() ? Read(row) : null;
        row.Reset();
        return entry;
    }

    private static AccountEntry Read(Statement row) => new(
        new Account(new AccountId(row.Long(0)), EnvelopeAddress.Parse(row.Text(1)), row.TextOrNull(2)) { IsAdministrator = row.Long(5) != 0 },
        new MailboxId(row.Long(3)), new MailboxId(row.Long(4)), row.LongOrNull(6), row.LongOrNull(7));
}
