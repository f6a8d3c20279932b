using System.Threading.Channels;
using MailSuite.Mta.Metrics;
using MailSuite.Shared.Status;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The only writer of the spool: what waits together shares a transaction and its sync (group commit).</summary>
internal sealed class SpoolWriter : IAsyncDisposable
{
    /// <summary>Writes in one transaction at most; beyond it the sync is no longer what costs.</summary>
    private const int MaxGroup = 200;

    /// <summary>Writes that may wait; more callers wait before they queue.</summary>
    private const int MaxWaiting = 2000;

    /// <summary>SQLITE_FULL, https://sqlite.org/rescode.html.</summary>
    private const int Full = 13;

    /// <summary>SQLITE_BUSY and SQLITE_LOCKED.</summary>
    private const int Busy = 5;
    private const int Locked = 6;

    private readonly Channel<IWrite> _writes = Channel.CreateBounded<IWrite>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly SpoolCommands _commands;
    private readonly PreparedCommand _begin;
    private readonly PreparedCommand _commit;
    private readonly PreparedCommand _rollback;
    private readonly Task _loop;

    /// <param name="connection">Open; the writer owns it from now on.</param>
    public SpoolWriter(SqliteConnection connection)
    {
        _connection = connection;
        _commands = new SpoolCommands(connection);
        _begin = new PreparedCommand(connection, "BEGIN IMMEDIATE", 0);
        _commit = new PreparedCommand(connection, "COMMIT", 0);
        _rollback = new PreparedCommand(connection, "ROLLBACK", 0);
        _loop = Task.Run(RunAsync);
    }

    private interface IWrite
    {
        void Execute(SpoolCommands commands);

        void Complete();

        void Fail(Exception error);
    }

    /// <summary>Runs <paramref name="work"/> in a transaction. When the task is done it is on disk, synced.</summary>
    /// <param name="cancellationToken">Only while waiting for a place in the line: a write that has its place is done.</param>
    /// <exception cref="SpoolUnavailableException">Nothing of it was written.</exception>
    public async Task<T> WriteAsync<T>(Func<SpoolCommands, T> work, CancellationToken cancellationToken)
    {
        var write = new Write<T>(work);
        try
        {
            await _writes.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new SpoolUnavailableException(StatusCodes.SystemNotAccepting, "The spool is closed.", e);
        }

        return await write.Task;
    }

    /// <summary>Writes what waits and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _loop;
        _commands.Dispose();
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        await _connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var group = new List<IWrite>(MaxGroup);
        while (await _writes.Reader.WaitToReadAsync())
        {
            while (group.Count < MaxGroup && _writes.Reader.TryRead(out var write))
                group.Add(write);

            try
            {
                Commit(group);
            }
            catch (Exception e)
            {
                // The writer outlives every bug: without it nobody would ever be answered.
                group.ForEach(write => write.Fail(e));
            }

            group.Clear();
        }
    }

    private void Commit(List<IWrite> group)
    {
        var began = MtaMeter.CommitBegins();
        if (TryBegin() is { } locked)
        {
            group.ForEach(write => write.Fail(locked));
            return;
        }

        if (TryCommit(group) is not { } error)
        {
            MtaMeter.Committed(began, group.Count);
            group.ForEach(write => write.Complete());
            return;
        }

        if (group.Count == 1)
        {
            group[0].Fail(error);
            return;
        }

        // One of them is at fault, and only that one shall pay.
        foreach (var write in group)
            Commit([write]);
    }

    private SpoolUnavailableException? TryBegin()
    {
        try
        {
            _begin.Run();
            return null;
        }
        catch (SqliteException e)
        {
            // One that was left open would refuse every later one.
            Rollback();
            return Unavailable(e);
        }
    }

    private Exception? TryCommit(List<IWrite> group)
    {
        try
        {
            foreach (var write in group)
                write.Execute(_commands);
            _commit.Run();
            return null;
        }
        catch (Exception e)
        {
            Rollback();
            return e is SqliteException sqlite ? Unavailable(sqlite) : e;
        }
    }

    private void Rollback()
    {
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }

    private static SpoolUnavailableException Unavailable(SqliteException e) => e.SqliteErrorCode switch
    {
        Full => new SpoolUnavailableException(StatusCodes.SystemStorageFull, "The disk of the spool is full.", e),
        Busy or Locked => new SpoolUnavailableException(StatusCodes.SystemTemporary, "The spool is locked by another program.", e),
        _ => new SpoolUnavailableException(StatusCodes.SystemTemporary, $"The spool could not be written: {e.Message}", e),
    };

    private sealed class Write<T>(Func<SpoolCommands, T> work) : IWrite
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _done.Task;

        public void Execute(SpoolCommands commands) => _result = work(commands);

        public void Complete() => _done.TrySetResult(_result!);

        public void Fail(Exception error) => _done.TrySetException(error);
    }
}
