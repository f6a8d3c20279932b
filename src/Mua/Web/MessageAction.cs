using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mua.Web;

/// <summary>What a person does with messages of a list, or with the one that is open.</summary>
internal enum MessageAction
{
    MarkRead,
    MarkUnread,
    Star,
    Unstar,
    Archive,
    Junk,
    Trash,
    MoveToInbox,

    /// <summary>Removes for good; only from Trash and Junk.</summary>
    DeleteForGood,
}

/// <summary>Carries actions out.</summary>
internal sealed class MessageActions(IMailboxes mailboxes)
{
    /// <summary>Messages that one action may name.</summary>
    internal const int MaxMessages = 5000;

    /// <returns>Whether the messages are gone from their mailbox.</returns>
    internal async ValueTask<bool> ApplyAsync(AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, MessageAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case MessageAction.MarkRead:
                await mailboxes.ChangeFlagsAsync(account, mailbox, uids, MessageFlags.Seen, MessageFlags.None, cancellationToken);
                return false;
            case MessageAction.MarkUnread:
                await mailboxes.ChangeFlagsAsync(account, mailbox, uids, MessageFlags.None, MessageFlags.Seen, cancellationToken);
                return false;
            case MessageAction.Star:
                await mailboxes.ChangeFlagsAsync(account, mailbox, uids, MessageFlags.Flagged, MessageFlags.None, cancellationToken);
                return false;
            case MessageAction.Unstar:
                await mailboxes.ChangeFlagsAsync(account, mailbox, uids, MessageFlags.None, MessageFlags.Flagged, cancellationToken);
                return false;
            case MessageAction.Archive:
                return await MoveAsync(SpecialUse.Archive);
            case MessageAction.Junk:
                return await MoveAsync(SpecialUse.Junk);
            case MessageAction.Trash:
                return await MoveAsync(SpecialUse.Trash);
            case MessageAction.MoveToInbox:
                return await MoveAsync(SpecialUse.Inbox);
            case MessageAction.DeleteForGood when (await mailboxes.FindAsync(account, mailbox, cancellationToken))?.Use is SpecialUse.Trash or SpecialUse.Junk:
                await mailboxes.ExpungeAsync(account, mailbox, uids, cancellationToken);
                return true;
            default:
                return false;
        }

        async ValueTask<bool> MoveAsync(SpecialUse use)
        {
            var target = (await mailboxes.ListAsync(account, cancellationToken)).FirstOrDefault(m => m.Use == use);
            if (target is null || target.Id == mailbox)
                return false;
            await mailboxes.MoveAsync(account, mailbox, uids, target.Id, cancellationToken);
            return true;
        }
    }
}
