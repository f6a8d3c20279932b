using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Empties mailboxes whose removal has begun.</summary>
internal static class RemovalStatements
{
    private const string FindRemoved = "SELECT id FROM mailbox WHERE removed_at IS NOT NULL";

    private const string FindMessages = "SELECT uid, flags, body_id, octets, account_id FROM message WHERE mailbox_id = ?1 LIMIT ?2";

    private const string GiveQuotaBack = "UPDATE account SET octets = octets - ?2, messages = messages - ?3 WHERE id = ?1";

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
        var messages = new List<FoundMessage>(limit);
        var account = 0L;
        var rows = turn.Prepare(FindMessages).Bind(1, mailbox.Value).Bind(2, limit);
        while (rows.Step())
        {
            messages.Add(new FoundMessage(new Uid((uint)rows.Long(0)), (MessageFlags)rows.Long(1), rows.Long(2), rows.Long(3)));
            account = rows.Long(4);
        }

        foreach (var message in messages)
            MessageChanging.Delete(turn, mailbox, message);
        if (messages.Count > 0)
        {
            turn.Prepare(GiveQuotaBack).Bind(1, account).Bind(2, messages.Sum(message => message.Octets)).Bind(3, messages.Count).Run();
            return false;
        }

        turn.Prepare(DeleteExpunged).Bind(1, mailbox.Value).Run();
        turn.Prepare(DeleteMailbox).Bind(1, mailbox.Value).Run();
        return true;
    }
}
