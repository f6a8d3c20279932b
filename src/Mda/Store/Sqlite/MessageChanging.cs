using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Flags, moves and removes messages. Every method is one transaction's part and keeps counters and ModSeq right.</summary>
internal static class MessageChanging
{
    private const string FindFlags = "SELECT flags FROM message WHERE mailbox_id = ?1 AND uid = ?2";

    private const string SetFlags = "UPDATE message SET flags = ?3, mod_seq = ?4 WHERE mailbox_id = ?1 AND uid = ?2";

    private const string FindMessage =
        "SELECT flags, body_id, octets FROM message WHERE mailbox_id = ?1 AND uid = ?2";

    private const string MoveMessage = "UPDATE message SET mailbox_id = ?3, uid = ?4, mod_seq = ?5, save_date = ?6 WHERE mailbox_id = ?1 AND uid = ?2";

    private const string InsertExpunged = "INSERT INTO expunged (mailbox_id, mod_seq, uid) VALUES (?1, ?2, ?3)";

    private const string DeleteMessage = "DELETE FROM message WHERE mailbox_id = ?1 AND uid = ?2";

    private const string ReleaseBody = "UPDATE body SET refs = refs - 1 WHERE id = ?1 RETURNING refs, file";

    private const string DeleteBody = "DELETE FROM body WHERE id = ?1";

    private const string DeleteWire = "DELETE FROM body_wire WHERE body_id = ?1";

    private const string DeleteHead = "DELETE FROM body_head WHERE body_id = ?1";

    private const string DeleteOctets = "DELETE FROM body_octets WHERE body_id = ?1";

    private const string GiveQuotaBack = "UPDATE account SET octets = octets - ?2, messages = messages - ?3 WHERE id = ?1";

    private const string MarkFetched = "UPDATE message SET fetched = 1 WHERE mailbox_id = ?1 AND uid = ?2 AND fetched = 0";

    /// <returns>Messages that are there.</returns>
    internal static int ChangeFlags(WriteTurn turn, AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, MessageFlags add, MessageFlags remove)
    {
        if (MailboxStatements.Find(turn.Connection, (account, mailbox)) is null)
            return 0;

        var there = 0;
        var unseen = 0;
        var deleted = 0;
        var modSeq = 0L;
        foreach (var uid in uids)
        {
            var row = turn.Prepare(FindFlags).Bind(1, mailbox.Value).Bind(2, uid.Value);
            if (!row.Step())
                continue;

            there++;
            var before = (MessageFlags)row.Long(0);
            row.Reset();
            var after = (before & ~remove) | add;
            if (after == before)
                continue;

            if (modSeq == 0)
                modSeq = MailboxStatements.NextModSeq(turn, mailbox);
            turn.Prepare(SetFlags).Bind(1, mailbox.Value).Bind(2, uid.Value).Bind(3, (long)after).Bind(4, modSeq).Run();
            unseen += Unseen(after) - Unseen(before);
            deleted += Deleted(after) - Deleted(before);
        }

        if (modSeq != 0)
        {
            MailboxStatements.Count(turn, mailbox, 0, unseen, 0, deleted);
            turn.MailboxChanged(account, mailbox, new ModSeq(modSeq), 0);
        }

        return there;
    }

    /// <returns>Messages moved; 0 when one of the mailboxes is absent.</returns>
    internal static int Move(WriteTurn turn, AccountId account, MailboxId source, IReadOnlyList<Uid> uids, MailboxId target, long now)
    {
        if (MailboxStatements.Find(turn.Connection, (account, source)) is null || MailboxStatements.Find(turn.Connection, (account, target)) is null)
            return 0;

        var found = Find(turn, source, uids);
        if (found.Count == 0)
            return 0;

        var sourceModSeq = MailboxStatements.NextModSeq(turn, source);
        var targetModSeq = MailboxStatements.NextModSeq(turn, target);
        var uid = MailboxStatements.NextUids(turn, target, found.Count);
        var unseen = 0;
        var deleted = 0;
        var octets = 0L;
        foreach (var message in found)
        {
            turn.Prepare(MoveMessage).Bind(1, source.Value).Bind(2, message.Uid.Value).Bind(3, target.Value).Bind(4, uid++).Bind(5, targetModSeq).Bind(6, now).Run();
            turn.Prepare(InsertExpunged).Bind(1, source.Value).Bind(2, sourceModSeq).Bind(3, message.Uid.Value).Run();
            unseen += Unseen(message.Flags);
            deleted += Deleted(message.Flags);
            octets += message.Octets;
        }

        MailboxStatements.Count(turn, source, -found.Count, -unseen, -octets, -deleted);
        MailboxStatements.Count(turn, target, found.Count, unseen, octets, deleted);
        turn.MailboxChanged(account, source, new ModSeq(sourceModSeq), 0);
        turn.MailboxChanged(account, target, new ModSeq(targetModSeq), found.Count);
        return found.Count;
    }

    internal static int Expunge(WriteTurn turn, AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids)
    {
        if (MailboxStatements.Find(turn.Connection, (account, mailbox)) is null)
            return 0;

        var found = Find(turn, mailbox, uids);
        if (found.Count == 0)
            return 0;

        var modSeq = MailboxStatements.NextModSeq(turn, mailbox);
        foreach (var message in found)
        {
            turn.Prepare(InsertExpunged).Bind(1, mailbox.Value).Bind(2, modSeq).Bind(3, message.Uid.Value).Run();
            Delete(turn, mailbox, message);
        }

        var octets = found.Sum(message => message.Octets);
        MailboxStatements.Count(turn, mailbox, -found.Count, -found.Sum(message => Unseen(message.Flags)), -octets, -found.Sum(message => Deleted(message.Flags)));
        turn.Prepare(GiveQuotaBack).Bind(1, account.Value).Bind(2, octets).Bind(3, found.Count).Run();
        turn.MailboxChanged(account, mailbox, new ModSeq(modSeq), 0);
        return found.Count;
    }

    /// <summary>Removes the message and, with its last message, the body.</summary>
    internal static void Delete(WriteTurn turn, MailboxId mailbox, FoundMessage message)
    {
        turn.Prepare(DeleteMessage).Bind(1, mailbox.Value).Bind(2, message.Uid.Value).Run();
        var release = turn.Prepare(ReleaseBody).Bind(1, message.Body);
        if (!release.Step())
            return;

        var refs = release.Long(0);
        var file = release.TextOrNull(1);
        release.Run();
        if (refs > 0)
            return;

        turn.Prepare(DeleteBody).Bind(1, message.Body).Run();
        turn.Prepare(DeleteOctets).Bind(1, message.Body).Run();
        turn.BodyGone(message.Body);
        turn.Prepare(DeleteWire).Bind(1, message.Body).Run();
        turn.Prepare(DeleteHead).Bind(1, message.Body).Run();
        if (file is not null)
            turn.FileUnreferenced(file);
    }

    /// <returns>Whether this was the first time.</returns>
    internal static bool SetFetched(WriteTurn turn, MailboxId mailbox, Uid uid)
    {
        turn.Prepare(MarkFetched).Bind(1, mailbox.Value).Bind(2, uid.Value).Run();
        return turn.Connection.Changes > 0;
    }

    /// <summary>The messages that are there, each once, in the order of their UIDs.</summary>
    private static List<FoundMessage> Find(WriteTurn turn, MailboxId mailbox, IReadOnlyList<Uid> uids)
    {
        var found = new List<FoundMessage>(uids.Count);
        foreach (var uid in uids.Distinct().Order())
        {
            var row = turn.Prepare(FindMessage).Bind(1, mailbox.Value).Bind(2, uid.Value);
            if (row.Step())
                found.Add(new FoundMessage(uid, (MessageFlags)row.Long(0), row.Long(1), row.Long(2)));
        }

        return found;
    }

    private static int Deleted(MessageFlags flags) => flags.HasFlag(MessageFlags.Deleted) ? 1 : 0;

    private static int Unseen(MessageFlags flags) => flags.HasFlag(MessageFlags.Seen) ? 0 : 1;
}

/// <summary>A message that is about to go or to move.</summary>
internal readonly record struct FoundMessage(Uid Uid, MessageFlags Flags, long Body, long Octets);
