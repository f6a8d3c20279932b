using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>A mailbox as one person may use it.</summary>
/// <param name="Name">As this person sees it.</param>
internal sealed record MailboxHandle(MailboxId Id, AccountId Owner, string Name, MailboxRights Rights, SpecialUse Use, UidValidity UidValidity)
{
    /// <summary>What stands against something that needs these rights; <see langword="null"/> when nothing does.</summary>
    /// <remarks>To whom may not even look it up, a mailbox is as absent as one that never was (RFC 4314 §6).</remarks>
    internal NamespaceRefusal? Judge(MailboxRights needed) =>
        (Rights & needed) == needed ? null
        : Rights.HasFlag(MailboxRights.Lookup) ? NamespaceRefusal.NoPermission
        : NamespaceRefusal.NonExistent;
}

/// <summary>The counters of a mailbox.</summary>
/// <param name="Deleted">Messages with \Deleted.</param>
internal readonly record struct MailboxCounters(Uid UidNext, ModSeq HighestModSeq, long Messages, long Unseen, long Deleted, long Octets);

/// <summary>A mailbox with its counters, from one moment.</summary>
internal sealed record ListedMailbox(MailboxHandle Handle, MailboxCounters Counters);

/// <summary>All that a person sees, from one moment.</summary>
/// <param name="Mailboxes">Their own by name, then those of others by name.</param>
/// <param name="Subscribed">Names, whether a mailbox has them or not.</param>
internal sealed record MailboxListing(IReadOnlyList<ListedMailbox> Mailboxes, IReadOnlySet<string> Subscribed);
