using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Incoming;

/// <summary>Where messages are to be appended, and what may come there.</summary>
/// <param name="Quota">What its account may hold; <see langword="null"/> for no limit.</param>
internal sealed record AppendTarget(MailboxHandle Mailbox, QuotaRoot? Quota)
{
    /// <summary>Whether so much is more than fits: asked before it is read, and once more when it is stored.</summary>
    internal bool IsOverQuota(long messages, long octets) =>
        Quota is { } quota && ((quota.OctetLimit > 0 && quota.Octets + octets > quota.OctetLimit) || (quota.MessageLimit > 0 && quota.Messages + messages > quota.MessageLimit));

    /// <summary>The same when a message of this size goes from the account in the same step.</summary>
    internal AppendTarget Without(long octets) => Quota is { } quota ? this with { Quota = quota with { Octets = quota.Octets - octets, Messages = quota.Messages - 1 } } : this;

    /// <summary>The flags that the person may set; others are left out (RFC 4314 §4).</summary>
    internal MessageFlags Allowed(MessageFlags flags) => flags & StoreRights.Changeable(Mailbox.Rights);

    internal IReadOnlyList<string> Allowed(IReadOnlyList<string> keywords) => Mailbox.Rights.HasFlag(MailboxRights.Write) ? keywords : [];
}
