using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Changes who has which rights.</summary>
internal static class AccessStatements
{
    private const string UpsertEntry = "INSERT INTO acl (mailbox_id, identifier, rights) VALUES (?1, ?2, ?3) ON CONFLICT (mailbox_id, identifier) DO UPDATE SET rights = excluded.rights";

    private const string DeleteEntry = "DELETE FROM acl WHERE mailbox_id = ?1 AND identifier = ?2";

    /// <summary>Sets the entry, or removes it when no right is left (RFC 4314 §3.1).</summary>
    internal static void Set(WriteTurn turn, MailboxId mailbox, AccessEntry entry)
    {
        if (entry.Rights == MailboxRights.None)
            turn.Prepare(DeleteEntry).Bind(1, mailbox.Value).Bind(2, entry.Identifier).Run();
        else
            turn.Prepare(UpsertEntry).Bind(1, mailbox.Value).Bind(2, entry.Identifier).Bind(3, RightsLetters.Format(entry.Rights)).Run();
    }
}
