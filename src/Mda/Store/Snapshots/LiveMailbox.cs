using System.Collections.Immutable;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Snapshots;

/// <summary>A mailbox whose messages are in memory and follow the writer's commits.</summary>
/// <remarks>
/// While it is read, commits wait in a list; those that the reading saw already are passed over by their ModSeq. A commit that does not
/// follow the last one says that another process wrote between: then it is stale, and is read again.
/// </remarks>
internal sealed class LiveMailbox(MailboxId id, Action<MailboxId, Exception> handlerFailed) : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private ImmutableArray<Action> _handlers = [];
    private List<MailboxDelta>? _waiting = [];
    private MailboxSnapshot? _current;
    private int _scheduled;

    internal MailboxId Id => id;

    /// <summary>Sessions that have it open; guarded by <see cref="OpenMailboxes"/>.</summary>
    internal int Holders { get; set; }

    /// <summary>Its place among those that nobody has open, and what it counts there; guarded by <see cref="OpenMailboxes"/>.</summary>
    internal LinkedListNode<LiveMailbox>? Idle { get; set; }

    internal long IdleWeight { get; set; }

    /// <summary>The reading under way, or the last one that succeeded; guarded by <see cref="OpenMailboxes"/>.</summary>
    internal Task? Reading { get; set; }

    internal bool IsRemoved { get; private set; }

    /// <summary>Another process wrote: what is here is old.</summary>
    internal bool IsStale { get; private set; }

    /// <summary>Sessions have it open, and do not see the last commits: it is being read again, or is to be.</summary>
    internal bool IsBehind
    {
        get
        {
            lock (_lock)
                return IsStale || (_waiting is not null && _current is not null);
        }
    }

    internal int Count => Volatile.Read(ref _current)?.Count ?? 0;

    internal MailboxSnapshot Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("The mailbox has not been read.");

    /// <summary>From now on commits wait for <see cref="Read"/>.</summary>
    internal void BeginReading()
    {
        lock (_lock)
            _waiting ??= [];
    }

    /// <summary>Takes what was read; <see langword="null"/> when the mailbox is not there.</summary>
    internal void Read(MailboxSnapshot? read)
    {
        lock (_lock)
        {
            var waiting = _waiting ?? [];
            _waiting = null;
            IsStale = false;
            if (read is null)
            {
                IsRemoved = true;
            }
            else
            {
                Volatile.Write(ref _current, read);
                foreach (var delta in waiting)
                    Follow(delta);
            }
        }

        Tell();
    }

    /// <summary>The reading failed: what is here stays, and is read again at the next opportunity.</summary>
    internal void NotRead()
    {
        lock (_lock)
        {
            _waiting = null;
            IsStale = true;
        }
    }

    /// <summary>Follows a commit; called by the writer before it answers, so that a caller finds its own change.</summary>
    internal void Apply(MailboxDelta delta)
    {
        lock (_lock)
        {
            if (_waiting is { } waiting)
            {
                waiting.Add(delta);
                return;
            }

            if (!Follow(delta))
                return;
        }

        Tell();
    }

    internal IDisposable Subscribe(Action changed)
    {
        var subscription = new Subscription(this, changed);
        lock (_lock)
            _handlers = _handlers.Add(changed);
        return subscription;
    }

    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _scheduled, 0);
        foreach (var handler in _handlers)
        {
            try
            {
                handler();
            }
            catch (Exception exception)
            {
                handlerFailed(id, exception);
            }
        }
    }

    private bool Follow(MailboxDelta delta)
    {
        if (delta.IsRemoval)
        {
            IsRemoved = true;
            return true;
        }

        var before = _current;
        if (before is null || IsStale || delta.ModSeq <= before.HighestModSeq)
            return false;

        if (delta.BaseModSeq != before.HighestModSeq)
        {
            IsStale = true;
            return true;
        }

        Volatile.Write(ref _current, SnapshotBuilding.Apply(before, delta));
        return true;
    }

    private void Tell()
    {
        if (!_handlers.IsEmpty && Interlocked.Exchange(ref _scheduled, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Unsubscribe(Action changed)
    {
        lock (_lock)
            _handlers = _handlers.Remove(changed);
    }

    private sealed class Subscription(LiveMailbox mailbox, Action changed) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                mailbox.Unsubscribe(changed);
        }
    }
}
