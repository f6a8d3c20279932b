namespace MailSuite.Mda.Imap.Grammar;

/// <summary>The grammar of NOTIFY (RFC 5465 §8).</summary>
internal ref partial struct ImapParser
{
    /// <summary>Groups, and names in one of them, at most.</summary>
    private const int MaxNotifyParts = 1000;

    /// <summary>The arguments of NOTIFY, up to the end of the command.</summary>
    public bool TryNotify(bool utf8, out NotifyRequest request)
    {
        request = new NotifyRequest(Status: false, [], HasUnknownEvents: false);
        if (TryWord("NONE"u8))
            return IsAtEnd;
        if (!TryWord("SET"u8) || !TrySpace())
            return false;

        var status = TryWord("STATUS"u8);
        if (status && !TrySpace())
            return false;

        var groups = new List<NotifyGroup>();
        var hasUnknown = false;
        do
        {
            if (groups.Count == MaxNotifyParts || !TryNotifyGroup(utf8, ref hasUnknown, out var group))
                return false;
            groups.Add(group);
        }
        while (TrySpace());

        request = new NotifyRequest(status, groups, hasUnknown);
        return IsAtEnd;
    }

    private bool TryNotifyGroup(bool utf8, ref bool hasUnknown, out NotifyGroup group)
    {
        group = new NotifyGroup(default, [], NotifyEvents.None, []);
        if (!TryOpen() || !TryNotifyFilter(out var filter) || !TrySpace())
            return false;

        IReadOnlyList<string> names = [];
        if (filter is NotifyFilter.Subtree or NotifyFilter.Mailboxes && (!TryMailboxes(utf8, out names) || !TrySpace()))
            return false;

        var events = NotifyEvents.None;
        IReadOnlyList<FetchItem> items = [];
        if (!TryWord("NONE"u8) && !TryNotifyEvents(ref hasUnknown, out events, out items))
            return false;

        group = new NotifyGroup(filter, names, events, items);
        return TryClose();
    }

    private bool TryNotifyFilter(out NotifyFilter filter)
    {
        NotifyFilter? found = TryWord("selected"u8) ? NotifyFilter.Selected
            : TryWord("selected-delayed"u8) ? NotifyFilter.SelectedDelayed
            : TryWord("inboxes"u8) ? NotifyFilter.Inboxes
            : TryWord("personal"u8) ? NotifyFilter.Personal
            : TryWord("subscribed"u8) ? NotifyFilter.Subscribed
            : TryWord("subtree"u8) ? NotifyFilter.Subtree
            : TryWord("mailboxes"u8) ? NotifyFilter.Mailboxes
            : null;
        filter = found ?? default;
        return found is not null;
    }

    private bool TryMailboxes(bool utf8, out IReadOnlyList<string> names)
    {
        var list = new List<string>();
        names = list;
        var many = TryOpen();
        do
        {
            if (list.Count == MaxNotifyParts || !TryMailbox(utf8, out var name))
                return false;
            list.Add(name);
        }
        while (many && TrySpace());

        return !many || TryClose();
    }

    private bool TryNotifyEvents(ref bool hasUnknown, out NotifyEvents events, out IReadOnlyList<FetchItem> items)
    {
        events = NotifyEvents.None;
        items = [];
        if (!TryOpen())
            return false;

        do
        {
            if (!TryAtom(out var name))
                return false;

            var found = EventOf(name);
            hasUnknown |= found == NotifyEvents.None;
            events |= found;
            if (found == NotifyEvents.MessageNew && Rest is [(byte)' ', (byte)'(', ..] && (!TrySpace() || !TryFetchItems(out items)))
                return false;
        }
        while (TrySpace());

        return TryClose();
    }

    private static NotifyEvents EventOf(ReadOnlySpan<byte> name)
    {
        foreach (var known in (ReadOnlySpan<NotifyEvents>)[
            NotifyEvents.MessageNew, NotifyEvents.MessageExpunge, NotifyEvents.FlagChange, NotifyEvents.MailboxName, NotifyEvents.SubscriptionChange,
            NotifyEvents.MailboxMetadataChange, NotifyEvents.ServerMetadataChange])
        {
            if (System.Text.Ascii.EqualsIgnoreCase(name, known.ToString()))
                return known;
        }

        return NotifyEvents.None;
    }
}
