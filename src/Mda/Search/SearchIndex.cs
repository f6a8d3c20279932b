using MailSuite.Mda.Search.Sqlite;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Search;

/// <summary>The full-text index beside the store, in a file of its own. Whatever is wrong with it, mail is not: searches then read the messages.</summary>
/// <remarks>One process writes it, the one that indexes; it also throws a damaged file away. Others read it, or do without.</remarks>
internal sealed partial class SearchIndex(MdaOptions options, ILogger<SearchIndex> logger) : IDisposable
{
    private readonly Lock _opening = new();
    private ReaderPool? _readers;
    private StoreConnection? _writer;
    private volatile bool _damaged;
    private bool _disposed;

    internal string Path { get; } = System.IO.Path.Combine(options.DataDirectory, "search.db");

    /// <summary>Runs a query in one snapshot of the index; it must not wait for anything.</summary>
    /// <returns><see langword="null"/> when there is no index that can be read.</returns>
    internal async ValueTask<TResult?> TryReadAsync<TState, TResult>(TState state, Func<StoreConnection, TState, TResult> query, CancellationToken cancellationToken)
        where TResult : class
    {
        if (TryReaders() is not { } readers)
            return null;

        try
        {
            return await readers.ReadAsync(state, query, cancellationToken);
        }
        catch (StoreFault fault)
        {
            Judge(fault);
            return null;
        }
        catch (ObjectDisposedException) when (_readers != readers)
        {
            return null;
        }
    }

    /// <summary>Runs <paramref name="work"/> in a transaction. Only the task that indexes calls it.</summary>
    /// <exception cref="StoreFault">The index could not be written; nothing of it was.</exception>
    internal void Write<TState>(TState state, Action<StoreConnection, TState> work)
    {
        var writer = Writer();
        try
        {
            writer.Prepare("BEGIN IMMEDIATE").Run();
            work(writer, state);
            writer.Prepare("COMMIT").Run();
        }
        catch (Exception exception)
        {
            if (exception is StoreFault fault)
                Judge(fault);
            // Left as it was before: a connection with half a transaction is not used again.
            writer.Dispose();
            _writer = null;
            throw;
        }
    }

    /// <summary>Makes the index anew at the next writing, from nothing.</summary>
    internal void ThrowAway() => _damaged = true;

    public void Dispose()
    {
        lock (_opening)
        {
            _disposed = true;
            _readers?.Dispose();
            _readers = null;
            _writer?.Dispose();
            _writer = null;
        }
    }

    private ReaderPool? TryReaders()
    {
        if (_damaged)
            return null;
        if (_readers is { } readers)
            return readers;

        lock (_opening)
        {
            if (_readers is null && !_disposed && SearchDatabase.IsUsable(Path))
                _readers = new ReaderPool(Path, options.BusyTimeout);
            return _readers;
        }
    }

    private StoreConnection Writer()
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_damaged)
            {
                _readers?.Dispose();
                _readers = null;
                _writer?.Dispose();
                _writer = null;
                SearchDatabase.Delete(Path);
                _damaged = false;
                LogAnew(logger, Path);
            }

            return _writer ??= SearchDatabase.OpenForWriting(Path, options.BusyTimeout);
        }
    }

    private void Judge(StoreFault fault)
    {
        if (!fault.IsDamage || _damaged)
            return;
        _damaged = true;
        LogDamaged(logger, Path, fault);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} is damaged: searches read the messages until it is made anew from them. No mail is concerned.")]
    private static partial void LogDamaged(ILogger logger, string path, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} is made anew.")]
    private static partial void LogAnew(ILogger logger, string path);
}
