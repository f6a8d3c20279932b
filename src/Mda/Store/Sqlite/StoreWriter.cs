using System.Threading.Channels;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Disk;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>The one writer of <c>mda.db</c>: all that waits goes into one transaction with one sync (group commit).</summary>
/// <remarks>
/// A task of <see cref="RunAsync{TResult}"/> is done after the commit, never before. When one item of a group fails, the group is
/// rolled back and its items run one by one, so that the fault stays with its own caller.
/// </remarks>
internal sealed partial class StoreWriter : IAsyncDisposable
{
    /// <summary>Octets of the WAL from which readers are waited for, so that it can begin anew.</summary>
    private const long MaxWalOctets = 64 * 1024 * 1024;

    private readonly string _path;
    private readonly MdaOptions _options;
    private readonly FreeSpace _freeSpace;
    private readonly Action<WriteTurn> _committed;
    private readonly ILogger _logger;
    private readonly Channel<StoreWrite> _queue = Channel.CreateUnbounded<StoreWrite>(new UnboundedChannelOptions { SingleReader = true });
    private readonly WriteTurn _turn = new();
    private readonly Task _loop;
    private StoreConnection? _connection;
    private long _walBound = MaxWalOctets;

    /// <param name="committed">Called on the writer's task after each commit; it must return at once.</param>
    internal StoreWriter(string path, MdaOptions options, FreeSpace freeSpace, Action<WriteTurn> committed, ILogger logger)
    {
        _path = path;
        _options = options;
        _freeSpace = freeSpace;
        _committed = committed;
        _logger = logger;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>The fault of the last turn; <see langword="null"/> when it went well.</summary>
    internal StoreFault? LastFault { get; private set; }

    /// <summary>Runs <paramref name="work"/> in a transaction; durable when the task is done. Cancellation counts only until it begins.</summary>
    /// <exception cref="StoreFault">Nothing of it was done.</exception>
    internal Task<TResult> RunAsync<TResult>(Func<WriteTurn, TResult> work, bool takesSpace, CancellationToken cancellationToken)
    {
        var write = new StoreWrite<TResult>(work, takesSpace, cancellationToken);
        if (!_queue.Writer.TryWrite(write))
            write.Fail(new ObjectDisposedException(nameof(StoreWriter), "The mailbox store is closed."));
        return write.Task;
    }

    /// <summary>Finishes what waits, folds the WAL back and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        _connection?.Dispose();
        _connection = null;
    }

    private async Task LoopAsync()
    {
        var group = new List<StoreWrite>(_options.MaxGroup);
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < _options.MaxGroup && _queue.Reader.TryRead(out var write))
            {
                if (write.IsCancelled)
                    write.Cancel();
                else
                    group.Add(write);
            }

            try
            {
                TakeTurn(group);
                BoundWal();
            }
            catch (Exception exception)
            {
                // The writer outlives every bug: a dead writer would be a dead server.
                LogTurnFailed(_logger, exception);
                foreach (var write in group)
                    write.Fail(exception);
            }
        }
    }

    private void TakeTurn(List<StoreWrite> group)
    {
        if (_freeSpace.Octets is { } free && free < _options.MinFreeOctets)
            RefuseThoseThatTakeSpace(group, free);

        if (group.Count == 0)
            return;

        var fault = TryCommit(group);
        if (fault is null)
            return;

        // A lock that did not come would not come for the single items either, and each would wait its whole time for it.
        if (group.Count == 1 || fault is StoreFault { IsBusy: true })
        {
            foreach (var write in group)
                write.Fail(fault);
            return;
        }

        foreach (var write in group)
        {
            if (TryCommit([write]) is { } own)
                write.Fail(own);
        }
    }

    private static void RefuseThoseThatTakeSpace(List<StoreWrite> group, long free)
    {
        var fault = StoreFault.DiskNearlyFull(free);
        foreach (var write in group.Where(write => write.TakesSpace))
            write.Fail(fault);
        group.RemoveAll(write => write.TakesSpace);
    }

    private Exception? TryCommit(List<StoreWrite> group)
    {
        try
        {
            _connection ??= StoreConnection.OpenForWriting(_path, _options.BusyTimeout);
            _turn.Begin(_connection);
            _connection.Prepare("BEGIN IMMEDIATE").Run();
            foreach (var write in group)
                write.Execute(_turn);
            _connection.ResetAll();
            _connection.Prepare("COMMIT").Run();
        }
        catch (Exception exception)
        {
            RollBack();
            LastFault = exception as StoreFault;
            if (exception is StoreFault { IsBusy: false } fault && !fault.IsFull)
                LogFault(_logger, _path, fault);
            return exception;
        }

        LastFault = null;
        Follow();
        foreach (var write in group)
            write.Complete();
        return null;
    }

    /// <summary>Lets those who follow the commits hear of this one. Whatever they do, it is on disk, and its callers are told so.</summary>
    private void Follow()
    {
        try
        {
            _committed(_turn);
        }
        catch (Exception exception)
        {
            // A mailbox in memory that missed it finds the gap at its next change or opening, and is read again.
            LogNotFollowed(_logger, exception);
        }
    }

    /// <summary>Folds the WAL back wholly when it has grown: readers that follow one another without a gap keep the usual way from ever doing it.</summary>
    private void BoundWal()
    {
        var wal = new FileInfo(_path + "-wal");
        if (_connection is null || !wal.Exists || wal.Length < _walBound)
            return;

        try
        {
            _connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (StoreFault fault)
        {
            LogFault(_logger, _path, fault);
        }

        // A reader that did not end in time is not waited for again at the next turn.
        wal.Refresh();
        _walBound = (wal.Exists ? wal.Length : 0) + MaxWalOctets;
    }

    private void RollBack()
    {
        if (_connection is null)
            return;

        try
        {
            _connection.ResetAll();
            // SQLite has rolled back by itself after some faults (full disk, input/output error).
            if (_connection.InTransaction)
                _connection.Execute("ROLLBACK");
        }
        catch (StoreFault)
        {
            // A connection that cannot even roll back is replaced; closing it rolls back.
            _connection.Dispose();
            _connection = null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} cannot be written.")]
    private static partial void LogFault(ILogger logger, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "What was written to the mailbox store was not told to those who follow it.")]
    private static partial void LogNotFollowed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A turn of the mailbox store's writer failed.")]
    private static partial void LogTurnFailed(ILogger logger, Exception exception);
}
