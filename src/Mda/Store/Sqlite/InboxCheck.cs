using MailSuite.Mda.Store.Maintenance;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>An account has an INBOX; without one it is not found, and nothing can be delivered to it.</summary>
internal sealed class InboxCheck : IStoreCheck
{
    private const string Name = "INBOX";

    private const string Without =
        " FROM account WHERE removed_at IS NULL AND NOT EXISTS (SELECT 1 FROM mailbox WHERE account_id = account.id AND special_use = 1 AND removed_at IS NULL)";

    private const string FindWithout = "SELECT printf('Account %s has no INBOX: nothing can be delivered to it.', address)" + Without;

    private const string FindIds = "SELECT id" + Without;

    private const string MarkNamed = "UPDATE mailbox SET special_use = 1 WHERE account_id = ?1 AND name = ?2 AND removed_at IS NULL";

    public IReadOnlyList<string> Find(StoreConnection connection) => QueryCheck.Texts(connection, FindWithout);

    public void Repair(WriteTurn turn, DateTimeOffset now)
    {
        var accounts = new List<AccountId>();
        var rows = turn.Prepare(FindIds);
        while (rows.Step())
            accounts.Add(new AccountId(rows.Long(0)));
        foreach (var account in accounts)
        {
            turn.Prepare(MarkNamed).Bind(1, account.Value).Bind(2, Name).Run();
            if (turn.Connection.Changes == 0)
                NamespaceChanging.Insert(turn, account, Name, SpecialUse.Inbox, now);
        }
    }
}
