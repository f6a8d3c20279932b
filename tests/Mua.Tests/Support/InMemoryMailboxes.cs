using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MimeKit;

namespace MailSuite.Mua.Tests.Support;

/// <summary>Mailboxes in memory, the same six for every account.</summary>
internal sealed class InMemoryMailboxes : IMailboxes, IMailboxChanges
{
    private readonly Lock _gate = new();
    private readonly List<Held> _messages = [];
    private readonly List<(AccountId Account, Action<MailboxChanged> Handler)> _listeners = [];
    private readonly HashSet<DeliveryId> _appended = [];
    private uint _lastUid;

    internal static readonly MailboxId Inbox = new(1), Drafts = new(2), Sent = new(3), Archive = new(4), Junk = new(5), Trash = new(6);

    private static readonly (MailboxId Id, string Name, SpecialUse Use)[] All =
    [
        (Inbox, "INBOX", SpecialUse.Inbox), (Drafts, "Drafts", SpecialUse.Drafts), (Sent, "Sent", SpecialUse.Sent), (Archive, "Archive", SpecialUse.Archive),
        (Junk, "Junk", SpecialUse.Junk), (Trash, "Trash", SpecialUse.Trash),
    ];

    /// <summary>Why AppendAsync refuses; null when it does not.</summary>
    internal string? AppendRefusal { get; set; }

    /// <summary>Puts a message into a mailbox.</summary>
    internal Uid Add(AccountId account, MailboxId mailbox, string octets, JourneyId? journey = null, MessageFlags flags = MessageFlags.None) =>
        Add(account, mailbox, new MemoryContent(System.Text.Encoding.UTF8.GetBytes(octets.ReplaceLineEndings("\r\n"))), journey, flags);

    internal IReadOnlyList<StoredMessage> Of(AccountId account, MailboxId mailbox)
    {
        lock (_gate)
            return [.. _messages.Where(m => m.Account == account && m.Mailbox == mailbox).Select(m => m.ToStored())];
    }

    public ValueTask<IReadOnlyList<Mailbox>> ListAsync(AccountId account, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new([.. All.Select(m => ToMailbox(account, m))]);
    }

    public ValueTask<Mailbox?> FindAsync(AccountId account, MailboxId mailbox, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(All.Where(m => m.Id == mailbox).Select(m => ToMailbox(account, m)).FirstOrDefault());
    }

    public ValueTask<MessagePage> PageAsync(AccountId account, MailboxId mailbox, MessagePageRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var all = _messages.Where(m => m.Account == account && m.Mailbox == mailbox).OrderByDescending(m => m.Uid.Value).ToList();
            var page = all.Where(m => request.Before is not { } before || m.Uid.Value < before.Value).Skip(request.Skip).Take(request.Limit);
            return new(new MessagePage([.. page.Select(m => m.ToSummary())], all.Count));
        }
    }

    public ValueTask<IReadOnlyList<MessageSummary>> SearchAsync(AccountId account, MessageSearch search, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var found = _messages.Where(m => m.Account == account && (search.Mailbox is null || search.Mailbox == m.Mailbox)).Select(m => m.ToSummary())
                .Where(s => Has(search.Text, s.Subject + s.From + s.To) && Has(search.Subject, s.Subject) && Has(search.From, s.From + s.FromAddress));
            return new([.. found.OrderByDescending(s => s.Uid.Value).Take(limit)]);
        }

        static bool Has(string? words, string text) => words is null || text.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    public ValueTask<StoredMessage?> OpenAsync(AccountId account, MailboxId mailbox, Uid uid, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(Find(account, mailbox, uid)?.ToStored());
    }

    public ValueTask<int> ChangeFlagsAsync(AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, MessageFlags add, MessageFlags remove, CancellationToken cancellationToken) =>
        Change(account, mailbox, uids, m => m.Flags = (m.Flags | add) & ~remove);

    public ValueTask<int> MoveAsync(AccountId account, MailboxId source, IReadOnlyList<Uid> uids, MailboxId target, CancellationToken cancellationToken) =>
        Change(account, source, uids, m => (m.Mailbox, m.Uid) = (target, new Uid(++_lastUid)));

    public ValueTask<int> ExpungeAsync(AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, CancellationToken cancellationToken) =>
        Change(account, mailbox, uids, m => _messages.Remove(m));

    public async ValueTask<AppendOutcome> AppendAsync(AccountId account, MailboxId mailbox, MessageAppend append, CancellationToken cancellationToken)
    {
        if (AppendRefusal is { } reason)
            return new AppendOutcome.Refused(reason);

        using var copy = new MemoryStream();
        await using (var stream = append.Content.OpenRead())
            await stream.CopyToAsync(copy, cancellationToken);
        lock (_gate)
        {
            if (!_appended.Add(append.Id))
                return new AppendOutcome.Appended(new UidValidity(1), default);
        }

        return new AppendOutcome.Appended(new UidValidity(1), Add(account, mailbox, new MemoryContent(copy.ToArray()), append.Journey, append.Flags));
    }

    public IDisposable Subscribe(AccountId account, Action<MailboxChanged> handler)
    {
        var listener = (account, handler);
        lock (_gate)
            _listeners.Add(listener);
        return new Subscription(() =>
        {
            lock (_gate)
                _listeners.Remove(listener);
        });
    }

    private Uid Add(AccountId account, MailboxId mailbox, IMessageContent content, JourneyId? journey, MessageFlags flags)
    {
        Held held;
        lock (_gate)
            _messages.Add(held = new Held(account, content, journey) { Mailbox = mailbox, Uid = new Uid(++_lastUid), Flags = flags });
        Tell(account, mailbox, 1);
        return held.Uid;
    }

    private ValueTask<int> Change(AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, Action<Held> change)
    {
        var there = 0;
        lock (_gate)
        {
            foreach (var uid in uids)
            {
                if (Find(account, mailbox, uid) is not { } message)
                    continue;
                change(message);
                there++;
            }
        }

        Tell(account, mailbox, 0);
        return new(there);
    }

    private void Tell(AccountId account, MailboxId mailbox, int newMessages)
    {
        List<Action<MailboxChanged>> handlers;
        lock (_gate)
            handlers = [.. _listeners.Where(l => l.Account == account).Select(l => l.Handler)];
        foreach (var handler in handlers)
            handler(new MailboxChanged(account, mailbox, new ModSeq(1), newMessages));
    }

    private Held? Find(AccountId account, MailboxId mailbox, Uid uid) => _messages.Find(m => m.Account == account && m.Mailbox == mailbox && m.Uid == uid);

    private Mailbox ToMailbox(AccountId account, (MailboxId Id, string Name, SpecialUse Use) m)
    {
        var own = _messages.Where(x => x.Account == account && x.Mailbox == m.Id).ToList();
        return new Mailbox(m.Id, m.Name, m.Use, new UidValidity(1), new Uid(_lastUid + 1), new ModSeq(1), own.Count, own.Count(x => !x.Flags.HasFlag(MessageFlags.Seen)));
    }

    private sealed class Held(AccountId account, IMessageContent content, JourneyId? journey)
    {
        internal AccountId Account => account;

        internal MailboxId Mailbox { get; set; }

        internal Uid Uid { get; set; }

        internal MessageFlags Flags { get; set; }

        internal StoredMessage ToStored() => new(ToSummary(), journey, content);

        internal MessageSummary ToSummary()
        {
            using var stream = content.OpenRead();
            using var message = MimeMessage.Load(stream);
            var from = message.From.Mailboxes.FirstOrDefault();
            return new MessageSummary(
                Mailbox, Uid, Flags, from?.Name ?? from?.Address ?? "", from?.Address ?? "", message.To.ToString(), message.Subject ?? "", null, null,
                new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero), message.Date, content.Octets, message.MessageId);
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
