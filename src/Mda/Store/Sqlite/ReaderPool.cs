using System.Collections.Concurrent;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>A few connections for reading; each sees the last commit and never waits for the writer.</summary>
internal sealed class ReaderPool(string path, TimeSpan busyTimeout) : IDisposable
{
    /// <summary>Connections at most. Reads are short and processor-bound, so more would only cost memory.</summary>
    private const int MaxConnections = 4;

    private readonly ConcurrentBag<StoreConnection> _idle = [];
    private readonly SemaphoreSlim _free = new(MaxConnections);

    /// <summary>Runs <paramref name="query"/> in one snapshot. It must not wait for anything.</summary>
    /// <exception cref="StoreFault">The database cannot be read.</exception>
    internal async ValueTask<TResult> ReadAsync<TState, TResult>(TState state, Func<StoreConnection, TState, TResult> query, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        StoreConnection? connection = null;
        try
        {
            if (!_idle.TryTake(out connection))
                connection = StoreConnection.OpenForReading(path, busyTimeout);
            connection.Prepare("BEGIN").Run();
            var result = query(connection, state);
            connection.ResetAll();
            connection.Prepare("COMMIT").Run();
            _idle.Add(connection);
            connection = null;
            return result;
        }
        finally
        {
            // Left over only after a fault: it is not trusted again.
            connection?.Dispose();
            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var connection))
            connection.Dispose();
        _free.Dispose();
    }
}
