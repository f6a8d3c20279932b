using System.Threading.Channels;
using MailSuite.Mda.Store.Snapshots;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Disk;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Store;

/// <summary>The open store: its file, its one writer, its readers. It opens itself on first use, and once.</summary>
internal sealed class MailStore : IAsyncDisposable
{
    private const int MaxFiledBodies = 10_000;

    private const int MaxBodyChanges = 100_000;

    private readonly MdaOptions _options;
    private readonly TimeProvider _clock;
    private readonly MailboxChanges _changes;
    private readonly ILogger<MailStore> _logger;
    private readonly Lazy<Task> _opening;
    private readonly FreeSpace _freeSpace;
    private readonly Channel<FiledBody> _filedBodies = Channel.CreateBounded<FiledBody>(
        new BoundedChannelOptions(MaxFiledBodies) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true });

    private readonly Channel<long> _bodyChanges = Channel.CreateBounded<long>(
        new BoundedChannelOptions(MaxBodyChanges) { FullMode = BoundedChannelFullMode.DropWrite, SingleWriter = true });

    private StoreWriter? _writer;
    private ReaderPool? _readers;

    public MailStore(MdaOptions options, TimeProvider clock, MailboxChanges changes, ILogger<MailStore> logger)
    {
        _options = options;
        _clock = clock;
        _changes = changes;
        _logger = logger;
        _freeSpace = new FreeSpace(options.DataDirectory, clock);
        DatabasePath = Path.Combine(options.DataDirectory, "mda.db");
        Bodies = new BodyFiles(Path.Combine(options.DataDirectory, "bodies"));
        Open = new OpenMailboxes(this, options, logger);
        _opening = new Lazy<Task>(() => Task.Run(OpenOnceAsync));
    }

    /// <summary>Bodies that were filed without a preview, in their order. Under overload the oldest are dropped: what is to be derived stands in the database.</summary>
    internal ChannelReader<FiledBody> FiledBodies => _filedBodies.Reader;

    /// <summary>Bodies that are gone, and 0 where something came. Under overload some are dropped: what there is stands in the database.</summary>
    internal ChannelReader<long> BodyChanges => _bodyChanges.Reader;

    internal string DatabasePath { get; }

    internal BodyFiles Bodies { get; }

    /// <summary>The mailboxes that sessions have open.</summary>
    internal OpenMailboxes Open { get; }

    internal KeywordSets Keywords { get; } = new();

    internal FreeSpace FreeSpace => _freeSpace;

    internal MailboxChanges Changes => _changes;

    /// <summary>The fault of the writer's last turn; <see langword="null"/> when all is well.</summary>
    internal StoreFault? LastFault => _writer?.LastFault;

    /// <summary>Makes or migrates the database when that is needed.</summary>
    /// <exception cref="StoreSchemaException">The file is not for this program; the message says what to do.</exception>
    internal Task OpenAsync() => _opening.Value;

    /// <inheritdoc cref="StoreWriter.RunAsync{TResult}"/>
    internal async Task<TResult> WriteAsync<TResult>(Func<WriteTurn, TResult> work, bool takesSpace, CancellationToken cancellationToken)
    {
        await _opening.Value;
        return await _writer!.RunAsync(work, takesSpace, cancellationToken);
    }

    /// <inheritdoc cref="ReaderPool.ReadAsync{TState, TResult}"/>
    internal async ValueTask<TResult> ReadAsync<TState, TResult>(TState state, Func<StoreConnection, TState, TResult> query, CancellationToken cancellationToken)
    {
        await _opening.Value;
        return await _readers!.ReadAsync(state, query, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_opening.IsValueCreated)
            await _opening.Value.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The readers first: the last connection to close folds the WAL back and removes it, and that must be the writer.
        _readers?.Dispose();
        if (_writer is not null)
            await _writer.DisposeAsync();
    }

    private async Task OpenOnceAsync()
    {
        await StoreSchema.EnsureAsync(DatabasePath, _clock, _logger, CancellationToken.None);
        _readers = new ReaderPool(DatabasePath, _options.BusyTimeout);
        _writer = new StoreWriter(DatabasePath, _options, _freeSpace, AfterCommit, _logger);
    }

    private void DeleteBehind(string[] names) => ThreadPool.QueueUserWorkItem(_ => Array.ForEach(names, Bodies.Delete));

    private void AfterCommit(WriteTurn turn)
    {
        // Not here: to free a large file takes the file system a while, and deliveries wait for this task.
        if (turn.UnreferencedFiles.Count > 0)
            DeleteBehind([.. turn.UnreferencedFiles]);
        Keywords.Add(turn.KeywordSets);
        foreach (var delta in turn.Deltas)
            Open.Apply(delta);
        _changes.Publish(turn.Deltas);
        foreach (var filed in turn.FiledBodies)
            _filedBodies.Writer.TryWrite(filed);
        foreach (var body in turn.BodiesGone)
            _bodyChanges.Writer.TryWrite(body);
        if (_bodyChanges.Reader.Count == 0)
            _bodyChanges.Writer.TryWrite(0);
    }
}
