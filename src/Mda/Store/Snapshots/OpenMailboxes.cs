using System.Collections.Concurrent;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Store.Snapshots;

/// <summary>The mailboxes whose messages are in memory: those that sessions have open, and of those that were open last as many as the options allow.</summary>
internal sealed partial class OpenMailboxes(MailStore store, MdaOptions options, ILogger logger)
{
    /// <summary>What a mailbox without messages counts as, so that their number is bounded too.</summary>
    private const int BaseWeight = 64;

    /// <summary>Readings in a row when another process writes again and again between our commits.</summary>
    private const int MaxReadings = 5;

    private readonly ConcurrentDictionary<MailboxId, LiveMailbox> _live = new();
    private readonly LinkedList<LiveMailbox> _idle = new();
    private readonly Lock _lock = new();
    private long _idleWeight;

    /// <summary>Mailboxes in memory, open or not.</summary>
    internal int Count => _live.Count;

    /// <summary>Opens a mailbox as it is now; <see langword="null"/> when there is none. Whether somebody may see it, the caller has asked.</summary>
    /// <exception cref="StoreFault">It cannot be read.</exception>
    internal async Task<OpenMailbox?> OpenAsync(MailboxId mailbox, CancellationToken cancellationToken)
    {
        var live = Hold(mailbox);
        try
        {
            await RefreshAsync(live, cancellationToken);
        }
        catch
        {
            Release(live);
            throw;
        }

        if (!live.IsRemoved)
            return new OpenMailbox(this, live);
        Release(live);
        return null;
    }

    /// <summary>Brings a mailbox to what is in the database now.</summary>
    internal async Task RefreshAsync(LiveMailbox live, CancellationToken cancellationToken)
    {
        var reading = ReadingOf(live, again: live.IsStale, out var began);
        await reading.WaitAsync(cancellationToken);
        if (began || live.IsRemoved)
            return;

        var committed = await store.ReadAsync(live.Id, SnapshotStatements.HighestModSeq, cancellationToken);
        if (committed == live.Current.HighestModSeq)
            return;

        // A commit of our own is in the database a moment before it is here. After a turn of the writer it is here, and what is
        // missing then another process wrote.
        await store.WriteAsync(static _ => true, takesSpace: false, cancellationToken);
        if (committed is null || live.IsStale || live.Current.HighestModSeq < committed)
            await ReadingOf(live, again: true, out _).WaitAsync(cancellationToken);
    }

    /// <summary>After the caller's change: waits when another process had written before it, and the mailbox is being read again.</summary>
    /// <remarks>It never fails: the change is on disk, whether or not the mailbox can be read now.</remarks>
    internal async Task SettleAsync(MailboxId mailbox)
    {
        if (_live.TryGetValue(mailbox, out var live) && live.IsBehind)
            await ReadingOf(live, again: true, out _).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Follows a commit; called on the writer's task, and returns at once.</summary>
    internal void Apply(MailboxDelta delta)
    {
        if (!_live.TryGetValue(delta.Mailbox, out var live))
            return;

        live.Apply(delta);
        if (live is { IsStale: true, Holders: > 0 })
            _ = ReadingOf(live, again: true, out _);
        else if (live.Idle is not null && delta.Added > 0)
            Weigh(live);
    }

    internal void Release(LiveMailbox live)
    {
        lock (_lock)
        {
            if (--live.Holders > 0)
                return;

            if (live.IsRemoved || live.Reading is null)
            {
                _live.TryRemove(live.Id, out _);
                return;
            }

            live.IdleWeight = BaseWeight + live.Count;
            live.Idle = _idle.AddLast(live);
            _idleWeight += live.IdleWeight;
            BoundIdle();
        }
    }

    /// <summary>Counts anew one that nobody has open, and that has grown.</summary>
    private void Weigh(LiveMailbox live)
    {
        lock (_lock)
        {
            if (live.Idle is null)
                return;
            _idleWeight -= live.IdleWeight;
            live.IdleWeight = BaseWeight + live.Count;
            _idleWeight += live.IdleWeight;
            BoundIdle();
        }
    }

    private void BoundIdle()
    {
        while (_idleWeight > options.CachedMessages && _idle.First is { Value: var oldest })
        {
            LeaveIdle(oldest);
            _live.TryRemove(oldest.Id, out _);
        }
    }

    private LiveMailbox Hold(MailboxId mailbox)
    {
        lock (_lock)
        {
            var live = _live.GetOrAdd(mailbox, static (id, owner) => new LiveMailbox(id, owner.HandlerFailed), this);
            live.Holders++;
            if (live.Idle is not null)
                LeaveIdle(live);
            return live;
        }
    }

    private void LeaveIdle(LiveMailbox live)
    {
        _idle.Remove(live.Idle!);
        live.Idle = null;
        _idleWeight -= live.IdleWeight;
    }

    /// <summary>The reading under way; a new one when there was none yet, or when what is here is old.</summary>
    private Task ReadingOf(LiveMailbox live, bool again, out bool began)
    {
        lock (_lock)
        {
            began = live.Reading is null || (again && live.Reading.IsCompleted);
            return began ? live.Reading = Task.Run(() => ReadAsync(live)) : live.Reading!;
        }
    }

    private async Task ReadAsync(LiveMailbox live)
    {
        try
        {
            for (var i = 0; i == 0 || (live.IsStale && i < MaxReadings); i++)
            {
                // Commits wait from here on: each is in what is read now, or in the list, or in both.
                live.BeginReading();
                live.Read(await store.ReadAsync((live.Id, store.Keywords), SnapshotStatements.Read, CancellationToken.None));
            }
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                live.NotRead();
                live.Reading = null;
            }

            LogNotRead(logger, live.Id, exception);
            throw;
        }
    }

    private void HandlerFailed(MailboxId mailbox, Exception exception) => LogHandlerFailed(logger, mailbox, exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mailbox {Mailbox} could not be read.")]
    private static partial void LogNotRead(ILogger logger, MailboxId mailbox, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A session failed to take note of a change of mailbox {Mailbox}.")]
    private static partial void LogHandlerFailed(ILogger logger, MailboxId mailbox, Exception exception);
}
