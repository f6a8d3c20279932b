using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Removes messages for good and remembers their UIDs.</summary>
internal static class ExpungeStatements
{
    private const string DeleteMessage = "DELETE FROM message WHERE mailbox_id = ?1 AND uid = ?2";

    private const string InsertExpunged = "INSERT INTO expunged (mailbox_id, mod_seq, uid) VALUES (?1, ?2, ?3)";

    /// <param name="owner">Whose mailbox it must be; <see langword="null"/> when the caller has looked.</param>
    /// <param name="onlyDeleted">Leaves messages that have lost \Deleted since the caller looked.</param>
    internal static Expunging Expunge(WriteTurn turn, MailboxId mailbox, AccountId? owner, IReadOnlyList<uint> uids, bool onlyDeleted)
    {
        if (MailboxStatements.Owner(turn.Connection, mailbox) is not { } account || (owner ?? account) != account)
            return new Expunging(StoreResult.Gone, []);

        var found = MessageRows.Find(turn, mailbox, uids);
        if (onlyDeleted)
            found.RemoveAll(message => !message.Flags.HasFlag(MessageFlags.Deleted));
        if (found.Count == 0)
            return new Expunging(StoreResult.Done, []);

        var counts = new MessageCounts();
        foreach (var message in found)
            counts.Add(message.Flags, message.Octets);
        var modSeq = MailboxStatements.Change(turn, mailbox, counts.Negated);
        var delta = turn.Delta(account, mailbox, modSeq);
        foreach (var message in found)
        {
            Remember(turn, mailbox, message.Uid, modSeq);
            Delete(turn, mailbox, message.Uid, message.Body);
            delta.Remove(message.Uid, modSeq);
        }

        QuotaCounting.GiveBack(turn, account, counts.Octets, counts.Messages);
        return new Expunging(StoreResult.Done, [.. found.Select(message => message.Uid)]);
    }

    /// <summary>Notes a UID that went, for clients that come back (RFC 7162 §3.2).</summary>
    internal static void Remember(WriteTurn turn, MailboxId mailbox, uint uid, long modSeq) =>
        turn.Prepare(InsertExpunged).Bind(1, mailbox.Value).Bind(2, modSeq).Bind(3, uid).Run();

    /// <summary>Removes the message and, with its last message, the body; counters are the caller's matter.</summary>
    internal static void Delete(WriteTurn turn, MailboxId mailbox, uint uid, long body)
    {
        turn.Prepare(DeleteMessage).Bind(1, mailbox.Value).Bind(2, uid).Run();
        BodyStatements.Release(turn, body);
    }
}
