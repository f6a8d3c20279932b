using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Snapshots;

/// <summary>One session's hold on a mailbox; the messages are shared with all others that have it open. Dispose it when the session leaves.</summary>
internal sealed class OpenMailbox : IDisposable
{
    private readonly LiveMailbox _mailbox;
    private readonly OpenMailboxes _owner;
    private int _closed;

    internal OpenMailbox(OpenMailboxes owner, LiveMailbox mailbox)
    {
        _owner = owner;
        _mailbox = mailbox;
    }

    internal MailboxId Id => _mailbox.Id;

    /// <summary>As it is after the last commit; what the caller itself changed is in it when its task is done.</summary>
    internal MailboxSnapshot Current => _mailbox.Current;

    /// <summary>Somebody deleted the mailbox: nothing will change any more.</summary>
    internal bool IsRemoved => _mailbox.IsRemoved;

    /// <summary>
    /// Calls <paramref name="changed"/> after <see cref="Current"/> was replaced or the mailbox removed, on a thread of the pool; several
    /// changes may come as one call. It must return soon.
    /// </summary>
    internal IDisposable Subscribe(Action changed) => _mailbox.Subscribe(changed);

    /// <summary>Looks whether another process changed the mailbox, and reads it again if so.</summary>
    /// <exception cref="Sqlite.StoreFault">It cannot be read.</exception>
    internal Task RefreshAsync(CancellationToken cancellationToken) => _owner.RefreshAsync(_mailbox, cancellationToken);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            _owner.Release(_mailbox);
    }
}
