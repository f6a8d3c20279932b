using System.Globalization;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap;

/// <summary>The mailbox that a session has selected, as its client knows it (RFC 9051 §3.3).</summary>
/// <remarks>
/// Two snapshots: <see cref="Messages"/> numbers the messages and changes only when EXPUNGE, VANISHED and EXISTS are told; <see cref="Flags"/>
/// is how far changes of flags were told, which may be further. Most of the time both are what the store has, and nothing is copied.
/// One task uses it at a time.
/// </remarks>
internal sealed class SelectedMailbox : ISelectedMailbox
{
    private readonly OpenMailbox _open;
    private readonly AccountId _who;
    private readonly MailboxNames _names;
    private readonly HashSet<int> _knownSets = [];
    private readonly SortedSet<string> _keywords = new(StringComparer.OrdinalIgnoreCase);
    private IDisposable? _subscription;
    private MailboxSnapshot? _removed;
    private Dictionary<uint, MessageEntry>? _gone;

    internal SelectedMailbox(OpenMailbox open, AccountId who, MailboxHandle handle, bool isReadOnly, MailboxNames names, KeywordSets sets)
    {
        _open = open;
        _who = who;
        _names = names;
        Handle = handle;
        IsReadOnly = isReadOnly;
        Sets = sets;
        Messages = Flags = Latest;
        for (var i = 0; i < Messages.Count;)
        {
            var span = Messages.SpanFrom(i);
            foreach (ref readonly var entry in span)
                Learn(entry.Keywords);
            i += span.Length;
        }
    }

    internal MailboxHandle Handle { get; private set; }

    /// <summary>By EXAMINE, or because there is nothing that this person may change.</summary>
    internal bool IsReadOnly { get; }

    internal KeywordSets Sets { get; }

    /// <summary>The keywords that its messages have or had since it was selected, in any order that stays.</summary>
    internal IReadOnlyCollection<string> Keywords => _keywords;

    /// <summary>The messages that the client knows of, in the order of their sequence numbers.</summary>
    internal MailboxSnapshot Messages { get; private set; }

    /// <summary>The flags that the client knows of. It may have messages that <see cref="Messages"/> does not have, and lack those that are gone.</summary>
    internal MailboxSnapshot Flags { get; private set; }

    /// <summary>The mailbox after the last commit; empty when somebody has deleted it, or has taken the right to read it.</summary>
    internal MailboxSnapshot Latest
    {
        get
        {
            var current = _open.Current;
            if (!_open.IsRemoved && Handle.Rights.HasFlag(MailboxRights.Read))
                return current;
            // RFC 2180 §3.3 leaves open what a session hears whose mailbox is deleted: here that all messages went.
            return _removed ??= new MailboxSnapshot(current.Mailbox, current.UidValidity, current.UidNext, current.HighestModSeq, []);
        }
    }

    /// <summary>Whether something has changed that the client was not told.</summary>
    public bool HasUpdates => Latest is var latest && (!ReferenceEquals(latest, Messages) || !ReferenceEquals(latest, Flags));

    /// <summary>What the last SEARCH RETURN (SAVE) found (RFC 9051 §6.4.4.1), ascending; empty at first. A message that goes leaves it by itself.</summary>
    internal IReadOnlyList<UidRange> SavedResult { get; set; } = [];

    /// <summary>The mailbox that a session has selected; asked only by commands that are allowed in that state alone.</summary>
    internal static SelectedMailbox Of(ImapSession session) => session.Selected as SelectedMailbox ?? throw new InvalidOperationException("No mailbox is selected.");

    /// <summary>Whether this person may do all of that here.</summary>
    internal bool Allows(MailboxRights rights) => !IsReadOnly && (Handle.Rights & rights) == rights;

    /// <remarks>One's own mailboxes cost nothing. Rights of others are read from the store each time: another process may have changed them.</remarks>
    public async ValueTask RefreshRightsAsync(CancellationToken cancellationToken)
    {
        if (Handle.Owner != _who)
            Handle = await _names.FindAsync(_who, Handle.Id, cancellationToken) ?? Handle with { Rights = MailboxRights.None };
    }

    public Task RefreshMessagesAsync(CancellationToken cancellationToken) => _open.IsRemoved ? Task.CompletedTask : _open.RefreshAsync(cancellationToken);

    /// <summary>Writes what has changed since the client was told last (RFC 9051 §7.5.1): EXPUNGE or VANISHED, EXISTS, FETCH with flags.</summary>
    public ValueTask TellAsync(ImapSession session, ImapUpdates updates, CancellationToken cancellationToken)
    {
        if (updates == ImapUpdates.Flags)
            NewsWriter.Write(session, this, TakeChanges());
        else if (updates == ImapUpdates.All)
            NewsWriter.Write(session, this, TakeAll());
        return session.Writer.FlushBySizeAsync(cancellationToken);
    }

    /// <summary>Tells all that happened where the client names a message that it was not told of: it has the UID from another session, as APPENDUID.</summary>
    internal ValueTask TellNamedAsync(ImapSession session, NumberSet set, CancellationToken cancellationToken)
    {
        var (known, next) = (Messages.UidNext, Latest.UidNext);
        return known < next && set is UidSet && set.Ranges.Any(range => (range.First >= known && range.First < next) || (range.Last >= known && range.Last < next))
            ? TellAsync(session, ImapUpdates.All, cancellationToken)
            : ValueTask.CompletedTask;
    }

    /// <summary>Tells all that happened.</summary>
    /// <returns>The response code that says how far the client knows all, with QRESYNC (RFC 7162 §3.2.7, §3.2.9).</returns>
    internal async ValueTask<string?> TellAllAsync(ImapSession session, CancellationToken cancellationToken)
    {
        await TellAsync(session, ImapUpdates.All, cancellationToken);
        return session.Enabled.HasFlag(ImapExtensions.QResync) ? string.Create(CultureInfo.InvariantCulture, $"HIGHESTMODSEQ {Messages.HighestModSeq}") : null;
    }

    /// <summary>A message as the client was told last, by its index in <see cref="Messages"/>.</summary>
    /// <returns><see langword="false"/> when it is gone and the client does not know yet; the entry is then that which it was told last.</returns>
    internal bool TryGet(int index, out MessageEntry entry)
    {
        entry = Messages[index];
        if (ReferenceEquals(Messages, Flags))
            return true;

        var at = Flags.IndexOf(entry.Uid);
        if (at < 0)
        {
            entry = _gone?.GetValueOrDefault(entry.Uid, entry) ?? entry;
            return false;
        }

        entry = Flags[at];
        return true;
    }

    /// <summary>Takes the changes of flags; what came and what went waits, so that no sequence number changes (RFC 9051 §7.5.1).</summary>
    internal MailboxNews TakeChanges()
    {
        var latest = Latest;
        var difference = MailboxSnapshot.Compare(Flags, latest);
        foreach (var uid in difference.Vanished)
        {
            // Messages has what the client was told earlier: flags and ModSeq would go back.
            if (uid < Messages.UidNext)
                (_gone ??= [])[uid] = Flags[Flags.IndexOf(uid)];
        }

        Flags = latest;
        return MailboxNews.None with { Changed = Number(difference.Changed, Messages) };
    }

    /// <summary>Takes all that happened; from now on the sequence numbers are those of <see cref="Latest"/>.</summary>
    internal MailboxNews TakeAll()
    {
        var latest = Latest;
        if (ReferenceEquals(latest, Messages) && ReferenceEquals(latest, Flags))
            return MailboxNews.None;

        var difference = MailboxSnapshot.Compare(Messages, latest);
        var changed = ReferenceEquals(Messages, Flags) ? difference.Changed : MailboxSnapshot.Compare(Flags, latest).Changed;
        var expunged = new int[difference.Vanished.Count];
        for (var i = 0; i < expunged.Length; i++)
            expunged[i] = Messages.IndexOf(difference.Vanished[i]) + 1;

        // A message that came meanwhile is news as a whole: its flags are not told apart.
        var known = changed.Where(entry => entry.Uid < Messages.UidNext);
        var news = new MailboxNews(expunged, difference.Vanished, difference.Appended > 0 ? latest.Count : null, Number(known, latest));
        Messages = Flags = latest;
        _gone = null;
        return news;
    }

    /// <summary>Takes note of the keywords of a message.</summary>
    /// <returns>Whether one of them is new here.</returns>
    internal bool Learn(int keywords)
    {
        if (keywords == 0 || !_knownSets.Add(keywords))
            return false;

        var count = _keywords.Count;
        _keywords.UnionWith(Sets[keywords].Names);
        return _keywords.Count > count;
    }

    /// <summary>The messages of a set.</summary>
    /// <returns><see langword="null"/> for a sequence number that there is not, which is BAD (RFC 9051 §9, seq-number).</returns>
    internal List<IndexRange>? Find(NumberSet set)
    {
        if (set.IsSaved)
            return InUids(SavedResult);
        if (set is UidSet)
            return InUids(set.Normalize(Messages.Count == 0 ? 0 : Messages[Messages.Count - 1].Uid).Select(range => new UidRange(range.Low, range.High)));

        // DEVIATION: RFC 9051 §9 would have "*" in an empty mailbox BAD; clients say 1:* without knowing, and all there is is nothing.
        if (Messages.Count == 0)
            return set.Ranges.All(static range => range.First == 0 || range.Last == 0) ? [] : null;

        var found = new List<IndexRange>();
        foreach (var (low, high) in set.Normalize((uint)Messages.Count))
        {
            if (high > Messages.Count)
                return null;
            found.Add(new IndexRange((int)low - 1, (int)high - 1));
        }

        return found;
    }

    public void Watch(Action changed)
    {
        StopWatching();
        _subscription = _open.Subscribe(changed);
    }

    public void StopWatching()
    {
        _subscription?.Dispose();
        _subscription = null;
    }

    /// <summary>Gives the mailbox back; nothing is told and nothing is expunged.</summary>
    public void Dispose()
    {
        StopWatching();
        _open.Dispose();
    }

    private List<IndexRange> InUids(IEnumerable<UidRange> ranges)
    {
        var found = new List<IndexRange>();
        foreach (var range in ranges)
        {
            if (range.TryFind(Messages, out var indices))
                found.Add(indices);
        }

        return found;
    }

    private static List<NumberedMessage> Number(IEnumerable<MessageEntry> changed, MailboxSnapshot numbers)
    {
        var numbered = new List<NumberedMessage>();
        foreach (var entry in changed)
        {
            if (numbers.IndexOf(entry.Uid) is var index and >= 0)
                numbered.Add(new NumberedMessage(index + 1, entry));
        }

        return numbered;
    }
}
