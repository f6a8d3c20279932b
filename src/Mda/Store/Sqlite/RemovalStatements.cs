using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Empties mailboxes whose removal has begun.</summary>
internal static class RemovalStatements
{
    private const string FindRemoved = "SELECT id FROM mailbox WHERE removed_at IS NOT NULL";

    private const string FindMessages = "SELECT uid, body_id, octets, account_id FROM message WHERE mailbox_id = ?1 LIMIT ?2";

    private const string DeleteExpunged = "DELETE FROM expunged WHERE mailbox_id = ?1";

    private const string DeleteMailbox = "DELETE FROM mailbox WHERE id = ?1 AND removed_at IS NOT NULL";

    internal static IReadOnlyList<MailboxId> Removed(StoreConnection connection)
    {
        var mailboxes = new List<MailboxId>();
        var rows = connection.Prepare(FindRemoved);
        while (rows.Step())
            mailboxes.Add(new MailboxId(rows.Long(0)));
        return mailboxes;
    }

    /// <summary>Takes the next step of a mailbox's removal.</summary>
    /// <returns>Whether the mailbox is gone wholly.</returns>
    internal static bool RemoveStep(WriteTurn turn, MailboxId mailbox, int limit)
    {
        var messages = new List<(uint Uid, long Body)>(limit);
        var account = default(AccountId);
        var octets = 0L;
        var rows = turn.Prepare(FindMessages).Bind(1, mailbox.Value).Bind(2, limit);
        while (rows.Step())
        {
            messages.Add(((uint)rows.Long(0), rows.Long(1)));
            octets += rows.Long(2);
            account = new AccountId(rows.Long(3));
        }

        foreach (var (uid, body) in messages)
            ExpungeStatements.Delete(turn, mailbox, uid, body);
        if (messages.Count > 0)
        {
            QuotaCounting.GiveBack(turn, account, octets, messages.Count);
            return false;
        }

        turn.Prepare(DeleteExpunged).Bind(1, mailbox.Value).Run();
        turn.Prepare(DeleteMailbox).Bind(1, mailbox.Value).Run();
        return true;
    }
}
