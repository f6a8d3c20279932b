using MailSuite.Mda.Accounts;
using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads mailboxes as one person sees them: their own, and those of others that they have rights on.</summary>
internal static class NamespaceReading
{
    private const string Columns = """
        mailbox.id, mailbox.account_id, mailbox.name, mailbox.special_use, mailbox.uid_validity,
        mailbox.uid_next, mailbox.highest_mod_seq, mailbox.messages, mailbox.unseen, mailbox.deleted, mailbox.octets
        """;

    private const string ListOwn = $"SELECT {Columns} FROM mailbox WHERE account_id = ?1 AND removed_at IS NULL ORDER BY name";

    private const string ListShared = $"""
        SELECT {Columns}, account.address, acl.identifier, acl.rights
        FROM acl JOIN mailbox ON mailbox.id = acl.mailbox_id JOIN account ON account.id = mailbox.account_id
        WHERE acl.identifier IN (?2, 'anyone', '-' || ?2, '-anyone') AND mailbox.account_id <> ?1 AND mailbox.removed_at IS NULL AND account.removed_at IS NULL
        ORDER BY account.address_key, mailbox.name
        """;

    private const string FindOwn = $"SELECT {Columns} FROM mailbox WHERE account_id = ?1 AND name = ?2 AND removed_at IS NULL";

    private const string FindById = $"SELECT {Columns}, account.address FROM mailbox JOIN account ON account.id = mailbox.account_id WHERE mailbox.id = ?1 AND mailbox.removed_at IS NULL AND account.removed_at IS NULL";

    private const string HasInferiors = "SELECT EXISTS (SELECT 1 FROM mailbox WHERE account_id = ?1 AND name > ?2 || '/' AND name < ?2 || '0' AND removed_at IS NULL)";

    private const string ListTree = "SELECT id, name FROM mailbox WHERE account_id = ?1 AND (name = ?2 OR (name > ?2 || '/' AND name < ?2 || '0')) AND removed_at IS NULL ORDER BY name";

    private const string ListUids = "SELECT uid FROM message WHERE mailbox_id = ?1 ORDER BY uid";

    private const string ListSubscriptions = "SELECT name FROM subscription WHERE account_id = ?1";

    private const string ListEntries = "SELECT identifier, rights FROM acl WHERE mailbox_id = ?1 ORDER BY identifier";

    private const string ListEntriesOfAll = """
        SELECT acl.mailbox_id, acl.identifier, acl.rights FROM acl JOIN mailbox ON mailbox.id = acl.mailbox_id
        WHERE mailbox.account_id = ?1 AND mailbox.removed_at IS NULL ORDER BY acl.identifier
        """;

    private const string SumDeleted = "SELECT coalesce(sum(octets), 0) FROM message WHERE mailbox_id = ?1 AND flags & 8 <> 0";

    internal static MailboxListing List(StoreConnection connection, AccountId who)
    {
        var mailboxes = new List<ListedMailbox>();
        var rows = connection.Prepare(ListOwn).Bind(1, who.Value);
        while (rows.Step())
            mailboxes.Add(ReadListed(rows));
        if (AccountStatements.Find(connection, who) is { } viewer)
            AddShared(connection, viewer.Account, mailboxes);

        var subscribed = new HashSet<string>(StringComparer.Ordinal);
        rows = connection.Prepare(ListSubscriptions).Bind(1, who.Value);
        while (rows.Step())
            subscribed.Add(rows.Text(0));
        return new MailboxListing(mailboxes, subscribed);
    }

    /// <summary>The mailbox at a place, when the person has any right on it.</summary>
    internal static MailboxHandle? Find(StoreConnection connection, (AccountId Who, MailboxPlace Place) asked) => FindListed(connection, asked)?.Handle;

    /// <inheritdoc cref="Find(StoreConnection, ValueTuple{AccountId, MailboxPlace})"/>
    internal static ListedMailbox? FindListed(StoreConnection connection, (AccountId Who, MailboxPlace Place) asked)
    {
        var (who, place) = asked;
        if (place.OwnerKey is null)
            return FindOwned(connection, who, place.Name);

        if (AccountStatements.Find(connection, who) is not { } viewer || AccountStatements.Find(connection, place.OwnerKey) is not { } owner || owner.Account.Id == who)
            return null;
        return FindOwned(connection, owner.Account.Id, place.Name) is { } found ? AsSeen(connection, found, owner.Account.Address, viewer.Account) : null;
    }

    /// <summary>The mailbox of this id, likewise.</summary>
    internal static MailboxHandle? Find(StoreConnection connection, (AccountId Who, MailboxId Mailbox) asked)
    {
        var row = connection.Prepare(FindById).Bind(1, asked.Mailbox.Value);
        if (!row.Step())
            return null;
        var found = ReadListed(row);
        var address = EnvelopeAddress.Parse(row.Text(11));
        row.Reset();
        if (found.Handle.Owner == asked.Who)
            return found.Handle;
        return AccountStatements.Find(connection, asked.Who) is { } viewer ? AsSeen(connection, found, address, viewer.Account)?.Handle : null;
    }

    /// <summary>The mailbox as its owner has it.</summary>
    internal static ListedMailbox? FindOwned(StoreConnection connection, AccountId owner, MailboxName name)
    {
        var row = connection.Prepare(FindOwn).Bind(1, owner.Value).Bind(2, name.Value);
        var found = row.Step() ? ReadListed(row) : null;
        row.Reset();
        return found;
    }

    internal static bool HasInferior(StoreConnection connection, AccountId owner, MailboxName name)
    {
        var row = connection.Prepare(HasInferiors).Bind(1, owner.Value).Bind(2, name.Value);
        var has = row.Step() && row.Long(0) != 0;
        row.Reset();
        return has;
    }

    /// <summary>The mailbox of the name and all below it, by name.</summary>
    internal static IReadOnlyList<(MailboxId Id, string Name)> Tree(StoreConnection connection, AccountId owner, MailboxName name)
    {
        var tree = new List<(MailboxId, string)>();
        var rows = connection.Prepare(ListTree).Bind(1, owner.Value).Bind(2, name.Value);
        while (rows.Step())
            tree.Add((new MailboxId(rows.Long(0)), rows.Text(1)));
        return tree;
    }

    internal static IReadOnlyList<uint> Uids(StoreConnection connection, MailboxId mailbox)
    {
        var uids = new List<uint>();
        var rows = connection.Prepare(ListUids).Bind(1, mailbox.Value);
        while (rows.Step())
            uids.Add((uint)rows.Long(0));
        return uids;
    }

    /// <summary>The entries of a mailbox's access list, by identifier; the owner is not among them.</summary>
    internal static IReadOnlyList<AccessEntry> Entries(StoreConnection connection, MailboxId mailbox)
    {
        var entries = new List<AccessEntry>();
        var rows = connection.Prepare(ListEntries).Bind(1, mailbox.Value);
        while (rows.Step())
            entries.Add(new AccessEntry(rows.Text(0), RightsLetters.Read(rows.Text(1))));
        return entries;
    }

    /// <summary>The entries of all mailboxes of an account, by identifier.</summary>
    internal static IReadOnlyList<(MailboxId Mailbox, AccessEntry Entry)> EntriesOfAll(StoreConnection connection, AccountId owner)
    {
        var entries = new List<(MailboxId, AccessEntry)>();
        var rows = connection.Prepare(ListEntriesOfAll).Bind(1, owner.Value);
        while (rows.Step())
            entries.Add((new MailboxId(rows.Long(0)), new AccessEntry(rows.Text(1), RightsLetters.Read(rows.Text(2)))));
        return entries;
    }

    /// <summary>Octets of the messages with \Deleted.</summary>
    internal static IReadOnlyDictionary<MailboxId, long> DeletedOctets(StoreConnection connection, IReadOnlyList<MailboxId> mailboxes)
    {
        var sums = new Dictionary<MailboxId, long>(mailboxes.Count);
        foreach (var mailbox in mailboxes)
        {
            var row = connection.Prepare(SumDeleted).Bind(1, mailbox.Value);
            sums[mailbox] = row.Step() ? row.Long(0) : 0;
            row.Reset();
        }

        return sums;
    }

    private static void AddShared(StoreConnection connection, Account viewer, List<ListedMailbox> mailboxes)
    {
        var key = AddressKey.Of(viewer.Address);
        var rows = connection.Prepare(ListShared).Bind(1, viewer.Id.Value).Bind(2, key);
        ListedMailbox? current = null;
        var given = MailboxRights.None;
        var taken = MailboxRights.None;
        while (rows.Step())
        {
            if (current is null || current.Handle.Id.Value != rows.Long(0))
            {
                AddCurrent();
                current = new ListedMailbox(ReadHandle(rows, MailboxPlace.Shown(rows.Text(11), rows.Text(2)), MailboxRights.None), ReadCounters(rows));
                (given, taken) = (MailboxRights.None, MailboxRights.None);
            }

            AccessList.Apply(new AccessEntry(rows.Text(12), RightsLetters.Read(rows.Text(13))), key, ref given, ref taken);
        }

        AddCurrent();

        void AddCurrent()
        {
            if (current is not null && (given & ~taken).HasFlag(MailboxRights.Lookup))
                mailboxes.Add(current with { Handle = current.Handle with { Rights = given & ~taken } });
        }
    }

    private static ListedMailbox? AsSeen(StoreConnection connection, ListedMailbox found, EnvelopeAddress owner, Account viewer)
    {
        var rights = AccessList.Effective(Entries(connection, found.Handle.Id), AddressKey.Of(viewer.Address));
        return rights == MailboxRights.None
            ? null
            : found with { Handle = found.Handle with { Name = MailboxPlace.Shown(owner.ToString(), found.Handle.Name), Rights = rights } };
    }

    private static ListedMailbox ReadListed(Statement row) => new(ReadHandle(row, row.Text(2), MailboxRights.All), ReadCounters(row));

    private static MailboxHandle ReadHandle(Statement row, string name, MailboxRights rights) =>
        new(new MailboxId(row.Long(0)), new AccountId(row.Long(1)), name, rights, (SpecialUse)row.Long(3), new UidValidity((uint)row.Long(4)));

    private static MailboxCounters ReadCounters(Statement row) =>
        new(new Uid((uint)row.Long(5)), new ModSeq(row.Long(6)), row.Long(7), row.Long(8), row.Long(9), row.Long(10));
}
