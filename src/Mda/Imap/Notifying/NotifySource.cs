using MailSuite.Mda.Imap.Fetching;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Listing;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Notifying;

/// <summary>What one session wants to hear of (RFC 5465): commits wake it, and it tells STATUS of other mailboxes, LIST and METADATA.</summary>
/// <remarks>Of each mailbox it remembers what was told last, so that several changes are one response and what is no news is none.</remarks>
internal sealed class NotifySource : IUpdateSource
{
    private readonly NotifyRequest _request;
    private readonly NotifyTools _tools;
    private readonly ImapConnection _connection;
    private readonly AccountId _account;
    private readonly PendingNotices _pending = new();
    private readonly Dictionary<MailboxId, (string Name, MailboxCounters Counters)> _told = [];
    private readonly HashSet<string> _subscribed = new(StringComparer.Ordinal);
    private readonly Dictionary<AccountId, IDisposable> _owners = [];
    private readonly IDisposable _mailboxes;
    private readonly NotifyGroup? _selected;
    private readonly FetchPlan? _newMessages;

    /// <summary>The selected mailbox, and up to which UID the client has what it asked for of new messages.</summary>
    private SelectedMailbox? _mailbox;

    private uint _toldUpTo;

    public NotifySource(ImapSession session, NotifyRequest request, NotifyTools tools)
    {
        _request = request;
        _tools = tools;
        _connection = session.Connection;
        _account = session.AccountId;
        _selected = request.Groups.FirstOrDefault(group => group.IsSelected);
        if (_selected is { Items.Count: > 0 })
            _newMessages = new FetchPlan(ItemsOf(_selected.Items));
        Follow(_account);
        _mailboxes = tools.Mailboxes.Subscribe(Take);
    }

    public bool HasUpdates => !_pending.IsEmpty;

    /// <summary>Whether changes of the selected mailbox are told at any time.</summary>
    public bool TellsSelected => _selected is { Events: not NotifyEvents.None };

    /// <summary>Whether a command has told of new messages by itself, and what was asked of them is still to be told.</summary>
    public bool HasNewMessages => _newMessages is not null && _mailbox is { } mailbox && mailbox.Messages.UidNext > _toldUpTo;

    /// <summary>A mailbox is selected, or has been: what comes from here on is new.</summary>
    public void Begin(ISelectedMailbox selected)
    {
        if (ReferenceEquals(selected, _mailbox))
            return;
        _mailbox = (SelectedMailbox)selected;
        _toldUpTo = _mailbox.Messages.UidNext;
    }

    /// <summary>Takes note of how everything is now, and tells it when it was asked for.</summary>
    public async ValueTask StartAsync(ImapSession session, CancellationToken cancellationToken)
    {
        var listing = await _tools.Names.ListAsync(_account, cancellationToken);
        _subscribed.UnionWith(listing.Subscribed);
        foreach (var mailbox in listing.Mailboxes)
        {
            Follow(mailbox.Handle.Owner);
            _told[mailbox.Handle.Id] = (mailbox.Handle.Name, mailbox.Counters);
            if (!_request.Status || IsSelected(session, mailbox.Handle.Id) || !mailbox.Handle.Rights.HasFlag(MailboxRights.Read) || !Wants(mailbox.Handle, NotifyEvents.OfMessages))
                continue;

            StatusOf(session).Write(session.Writer, mailbox, 0, _tools.Options);
            await session.Writer.FlushBySizeAsync(cancellationToken);
        }
    }

    public async ValueTask TellAsync(ImapSession session, ImapUpdates updates, CancellationToken cancellationToken)
    {
        if (_pending.Take(out var changes, out var touched))
        {
            // RFC 5465 §5.8: as if NOTIFY NONE had come; the client asks anew when it can.
            session.Follow(null);
            session.Writer.Untagged("OK [NOTIFICATIONOVERFLOW] Too much has happened; nothing is told any more.");
            return;
        }

        foreach (var change in changes)
        {
            await TellAsync(session, change, cancellationToken);
            await session.Writer.FlushBySizeAsync(cancellationToken);
        }

        foreach (var mailbox in touched)
        {
            await TellStatusAsync(session, mailbox, cancellationToken);
            await session.Writer.FlushBySizeAsync(cancellationToken);
        }
    }

    /// <summary>Tells of the selected mailbox, as much as may be told now, with what was asked of new messages (RFC 5465 §5.2).</summary>
    /// <param name="isWaiting">Whether no command is being answered.</param>
    public async ValueTask TellSelectedAsync(ImapSession session, ImapUpdates updates, bool isWaiting, CancellationToken cancellationToken)
    {
        var mailbox = SelectedMailbox.Of(session);
        if (isWaiting && _selected!.Filter == NotifyFilter.SelectedDelayed && MailboxSnapshot.Compare(mailbox.Messages, mailbox.Latest).Vanished.Count > 0)
            updates = ImapUpdates.Flags;

        await mailbox.TellAsync(session, updates, cancellationToken);
        if (_newMessages is null)
            return;

        var first = mailbox.Messages.LowerBound(_toldUpTo);
        _toldUpTo = mailbox.Messages.UidNext;
        if (first < mailbox.Messages.Count)
            await new FetchRun(session, mailbox, _newMessages, _tools.Fetching).RunAsync([new IndexRange(first, mailbox.Messages.Count - 1)], cancellationToken);
    }

    public void Dispose()
    {
        _mailboxes.Dispose();
        foreach (var owner in _owners.Values)
            owner.Dispose();
        _owners.Clear();
    }

    /// <summary>UID is always told, and reading for the client's information sets no flag.</summary>
    private static List<FetchItem> ItemsOf(IReadOnlyList<FetchItem> asked)
    {
        var items = asked.Select(item => item with { SetsSeen = false }).ToList();
        if (items.TrueForAll(item => item.Kind != FetchKind.Uid))
            items.Insert(0, FetchItem.Of(FetchKind.Uid, "UID"));
        return items;
    }

    private static bool IsSelected(ImapSession session, MailboxId mailbox) => session.Selected is SelectedMailbox selected && selected.Handle.Id == mailbox;

    private static StatusItems StatusOf(ImapSession session) => new(
        session.Enabled.HasFlag(ImapExtensions.CondStore)
            ? [StatusItem.Messages, StatusItem.UidNext, StatusItem.UidValidity, StatusItem.Unseen, StatusItem.HighestModSeq]
            : [StatusItem.Messages, StatusItem.UidNext, StatusItem.UidValidity, StatusItem.Unseen]);

    private void Follow(AccountId owner)
    {
        if (!_owners.ContainsKey(owner))
            _owners[owner] = _tools.Messages.Subscribe(owner, Take);
    }

    private void Take(MailboxChanged change)
    {
        _pending.Add(change.Mailbox);
        _connection.Signal();
    }

    private void Take(NamespaceChanged change)
    {
        // Of mailboxes of others it is asked later whether this person sees them; whose subscriptions these are is known here.
        if (change.Account != _account && (change.Event is NamespaceEvent.Subscribed or NamespaceEvent.Unsubscribed))
            return;
        _pending.Add(change);
        _connection.Signal();
    }

    /// <summary>The events of the first group that the mailbox belongs to (RFC 5465 §3.1).</summary>
    private bool Wants(MailboxHandle mailbox, NotifyEvents events) => Wants(mailbox.Name, mailbox.Owner == _account, events);

    private bool Wants(string name, bool isOwn, NotifyEvents events)
    {
        foreach (var group in _request.Groups)
        {
            var belongs = group.Filter switch
            {
                NotifyFilter.Inboxes => name == MailboxName.Inbox,
                NotifyFilter.Personal => isOwn,
                NotifyFilter.Subscribed => _subscribed.Contains(name),
                NotifyFilter.Subtree => group.Names.Any(top => top == name || MailboxName.IsInferior(name, top)),
                NotifyFilter.Mailboxes => group.Names.Contains(name),
                _ => false,
            };
            if (belongs)
                return (group.Events & events) != NotifyEvents.None;
        }

        return false;
    }

    private async ValueTask TellStatusAsync(ImapSession session, MailboxId id, CancellationToken cancellationToken)
    {
        if (await _tools.Names.FindAsync(_account, id, cancellationToken) is not { } handle || await _tools.Names.ResolveListedAsync(_account, handle.Name, cancellationToken) is not { } mailbox || mailbox.Handle.Id != id)
            return;

        var isKnown = _told.TryGetValue(id, out var before);
        _told[id] = (handle.Name, mailbox.Counters);
        if (IsSelected(session, id) || !handle.Rights.HasFlag(MailboxRights.Read) || (isKnown && before.Counters == mailbox.Counters))
            return;

        var hasMessages = before.Counters.Messages != mailbox.Counters.Messages || before.Counters.UidNext != mailbox.Counters.UidNext;
        if (Wants(handle, hasMessages ? NotifyEvents.MessageNew | NotifyEvents.MessageExpunge : NotifyEvents.FlagChange))
            StatusOf(session).Write(session.Writer, mailbox, 0, _tools.Options);
    }

    private async ValueTask TellAsync(ImapSession session, NamespaceChanged change, CancellationToken cancellationToken)
    {
        var isOwn = change.Account == _account;
        switch (change.Event)
        {
            case NamespaceEvent.Subscribed or NamespaceEvent.Unsubscribed:
                var isSubscribed = change.Event == NamespaceEvent.Subscribed;
                // Both before and after: who listens to what is subscribed hears that it is no more.
                var wanted = Wants(change.Name, isOwn: !MailboxPlace.IsBelowOtherUsers(change.Name), NotifyEvents.SubscriptionChange);
                _ = isSubscribed ? _subscribed.Add(change.Name) : _subscribed.Remove(change.Name);
                if (wanted || Wants(change.Name, isOwn: !MailboxPlace.IsBelowOtherUsers(change.Name), NotifyEvents.SubscriptionChange))
                    WriteList(session, change.Name, isSubscribed ? "\\Subscribed" : "", null);
                return;
            case NamespaceEvent.MetadataChanged:
                await TellMetadataAsync(session, change, isOwn, cancellationToken);
                return;
            default:
                await TellNameAsync(session, change, isOwn, cancellationToken);
                return;
        }
    }

    private async ValueTask TellNameAsync(ImapSession session, NamespaceChanged change, bool isOwn, CancellationToken cancellationToken)
    {
        var handle = change.Event == NamespaceEvent.Deleted ? null : await _tools.Names.FindAsync(_account, change.Mailbox, cancellationToken);
        var isKnown = _told.TryGetValue(change.Mailbox, out var before);
        if (handle is null || !handle.Rights.HasFlag(MailboxRights.Lookup))
        {
            _told.Remove(change.Mailbox);
            var name = isKnown ? before.Name : change.Name;
            if ((isKnown || isOwn) && Wants(name, isOwn, NotifyEvents.MailboxName))
                WriteList(session, name, "\\NonExistent", null);
            return;
        }

        Follow(handle.Owner);
        _told[change.Mailbox] = (handle.Name, before.Counters);
        if (change.Event == NamespaceEvent.RightsChanged && isKnown)
            return;

        var oldName = change.Event == NamespaceEvent.Renamed ? (isKnown ? before.Name : isOwn ? change.Subject : null) : null;
        if (Wants(handle, NotifyEvents.MailboxName) || (oldName is not null && Wants(oldName, isOwn, NotifyEvents.MailboxName)))
            WriteList(session, handle.Name, _subscribed.Contains(handle.Name) ? "\\Subscribed" : "", oldName == handle.Name ? null : oldName);
    }

    /// <summary>RFC 5465 §5.6, §5.7: the name of the entry, never its value.</summary>
    private async ValueTask TellMetadataAsync(ImapSession session, NamespaceChanged change, bool isOwn, CancellationToken cancellationToken)
    {
        if (change.Subject is not { } entry || (!isOwn && entry.StartsWith("/private/", StringComparison.OrdinalIgnoreCase)))
            return;

        string? name = null;
        if (change.Mailbox == default)
            name = _request.Groups.Any(group => group.Events.HasFlag(NotifyEvents.ServerMetadataChange)) ? "" : null;
        else if (await _tools.Names.FindAsync(_account, change.Mailbox, cancellationToken) is { } handle && handle.Rights.HasFlag(MailboxRights.Lookup) && Wants(handle, NotifyEvents.MailboxMetadataChange))
            name = handle.Name;
        if (name is not null)
            session.Writer.Raw("* METADATA "u8).Mailbox(name).Space().AString(entry).Crlf();
    }

    private static void WriteList(ImapSession session, string name, string attributes, string? oldName)
    {
        session.Writer.Raw("* LIST ("u8).Raw(attributes).Raw(") \"/\" "u8).Mailbox(name);
        if (oldName is not null)
            session.Writer.Raw(" (\"OLDNAME\" ("u8).Mailbox(oldName).Raw("))"u8);
        session.Writer.Crlf();
    }
}
