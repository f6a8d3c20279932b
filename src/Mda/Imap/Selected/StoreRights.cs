using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Selected;

/// <summary>Which flags somebody may change in a mailbox (RFC 4314 §4).</summary>
internal static class StoreRights
{
    private const MessageFlags Others = MessageFlags.Answered | MessageFlags.Flagged | MessageFlags.Draft | MessageFlags.Forwarded;

    internal static MessageFlags Changeable(SelectedMailbox mailbox) => mailbox.IsReadOnly ? MessageFlags.None : Changeable(mailbox.Handle.Rights);

    internal static MessageFlags Changeable(MailboxRights rights) =>
        (rights.HasFlag(MailboxRights.KeepSeen) ? MessageFlags.Seen : MessageFlags.None)
        | (rights.HasFlag(MailboxRights.DeleteMessages) ? MessageFlags.Deleted : MessageFlags.None)
        | (rights.HasFlag(MailboxRights.Write) ? Others : MessageFlags.None);

    /// <summary>What a message that is put there keeps.</summary>
    internal static KeptFlags Kept(MailboxRights rights) => new(Changeable(rights), rights.HasFlag(MailboxRights.Write));

    internal static bool MayChangeKeywords(SelectedMailbox mailbox) => mailbox.Allows(MailboxRights.Write);

    /// <summary>Whether there is anything at all that they may change, which SELECT tells (RFC 4314 §5.2).</summary>
    internal static bool MayChangeAnything(MailboxRights rights) =>
        (rights & (MailboxRights.KeepSeen | MailboxRights.Write | MailboxRights.Insert | MailboxRights.DeleteMessages | MailboxRights.Expunge)) != MailboxRights.None;
}
