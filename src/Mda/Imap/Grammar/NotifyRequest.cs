namespace MailSuite.Mda.Imap.Grammar;

/// <summary>What a client can want to hear of (RFC 5465 §5).</summary>
[Flags]
internal enum NotifyEvents
{
    None = 0,
    MessageNew = 1,
    MessageExpunge = 2,
    FlagChange = 4,
    MailboxName = 8,
    SubscriptionChange = 16,
    MailboxMetadataChange = 32,
    ServerMetadataChange = 64,

    OfMessages = MessageNew | MessageExpunge | FlagChange,
}

/// <summary>Of which mailboxes (RFC 5465 §6).</summary>
internal enum NotifyFilter
{
    Selected,

    /// <summary>The same, and no sequence number changes while no command allows it.</summary>
    SelectedDelayed,
    Inboxes,
    Personal,
    Subscribed,
    Subtree,
    Mailboxes,
}

/// <param name="Names">Of <see cref="NotifyFilter.Subtree"/> and <see cref="NotifyFilter.Mailboxes"/>.</param>
/// <param name="Items">What is fetched of a new message; for the selected mailbox alone.</param>
internal sealed record NotifyGroup(NotifyFilter Filter, IReadOnlyList<string> Names, NotifyEvents Events, IReadOnlyList<FetchItem> Items)
{
    public bool IsSelected => Filter is NotifyFilter.Selected or NotifyFilter.SelectedDelayed;
}

/// <summary>The arguments of NOTIFY (RFC 5465 §8).</summary>
/// <param name="Status">Whether the present state is told first.</param>
/// <param name="Groups">None for NOTIFY NONE.</param>
/// <param name="HasUnknownEvents">Whether there are events that are not known here.</param>
internal sealed record NotifyRequest(bool Status, IReadOnlyList<NotifyGroup> Groups, bool HasUnknownEvents)
{
    /// <summary>RFC 5465 §5, §6: message events come together, what is fetched is of the selected mailbox, which has no other events and one group.</summary>
    public bool IsConsistent => Groups.Count(group => group.IsSelected) <= 1 && Groups.All(IsGood);

    private static bool IsGood(NotifyGroup group)
    {
        const NotifyEvents Both = NotifyEvents.MessageNew | NotifyEvents.MessageExpunge;
        var messages = group.Events & NotifyEvents.OfMessages;
        if (messages != NotifyEvents.None && (messages & Both) != Both)
            return false;
        return group.IsSelected ? group.Events == messages : group.Items.Count == 0;
    }
}
