using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Notifying;

/// <summary>What has happened and was not told: filled by the store's threads, emptied by the session. Beyond its limit it keeps nothing but that there was too much.</summary>
internal sealed class PendingNotices
{
    /// <summary>Mailboxes with changes, and changes of mailboxes, that wait for a client that does not read.</summary>
    internal const int Max = 1000;

    private readonly Lock _lock = new();
    private readonly List<NamespaceChanged> _changes = [];
    private readonly HashSet<MailboxId> _touched = [];
    private bool _isOver;

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _changes.Count == 0 && _touched.Count == 0 && !_isOver;
        }
    }

    public void Add(NamespaceChanged change)
    {
        lock (_lock)
        {
            if (_changes.Count < Max)
                _changes.Add(change);
            else
                _isOver = true;
        }
    }

    public void Add(MailboxId mailbox)
    {
        lock (_lock)
        {
            if (_touched.Count < Max)
                _touched.Add(mailbox);
            else
                _isOver |= !_touched.Contains(mailbox);
        }
    }

    /// <returns>Whether it was too much; then what is there is not all.</returns>
    public bool Take(out NamespaceChanged[] changes, out MailboxId[] touched)
    {
        lock (_lock)
        {
            changes = [.. _changes];
            touched = [.. _touched];
            _changes.Clear();
            _touched.Clear();
            var wasOver = _isOver;
            _isOver = false;
            return wasOver;
        }
    }
}
