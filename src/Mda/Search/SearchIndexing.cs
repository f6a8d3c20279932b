using System.Threading.Channels;
using MailSuite.Mda.Search.Sqlite;
using MailSuite.Mda.Search.Text;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Search;

/// <summary>Puts messages into the index behind their delivery, in batches, in the order they came, and takes out those that are gone.</summary>
/// <remarks>
/// How far it is stands in the index itself and moves in the transaction of the batch, so a crash repeats a batch at most. Bodies that are
/// removed while it runs are told by the store; those it did not hear of are found at start and every hour by comparing.
/// </remarks>
internal sealed partial class SearchIndexing(MailStore store, SearchIndex index, MdaOptions options, TimeProvider clock, ILogger<SearchIndexing> logger)
{
    /// <summary>Octets of the header's text in the index; what is beyond is scanned.</summary>
    internal const int MaxHeadOctets = 64 * 1024;

    private const int MaxBatch = 200;

    /// <summary>Octets of messages that one batch reads, beyond its first message.</summary>
    private const long MaxBatchOctets = 8 * 1024 * 1024;

    private const int MaxCompared = 5000;

    /// <summary>Between two batches at least. While mail comes it is as long as the last batch took, so that deliveries have the processors.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);

    /// <summary>After a batch that was not full: what comes meanwhile costs far less together than one by one, and a search reads it until then.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan MaxBreath = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AfterFault = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan CompareInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _compareAt = DateTimeOffset.MinValue;

    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = Breath;
            try
            {
                var began = clock.GetTimestamp();
                var indexed = await IndexBatchAsync(stoppingToken);
                if (indexed == 0)
                    await store.BodyChanges.WaitToReadAsync(stoppingToken);
                if (indexed < MaxBatch)
                    pause = Gathering;
                else if (store.BodyChanges.Count > 0)
                    pause = TimeSpan.FromTicks(Math.Clamp(clock.GetElapsedTime(began).Ticks, Breath.Ticks, MaxBreath.Ticks));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Not even a bug of ours in here may end the program: without an index a search reads the messages.
                LogPutOff(logger, exception);
                pause = AfterFault;
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    /// <returns>Messages that were looked at; 0 when there was nothing to do.</returns>
    internal async Task<int> IndexBatchAsync(CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() >= _compareAt)
        {
            await CompareAsync(cancellationToken);
            _compareAt = clock.GetUtcNow() + CompareInterval;
        }

        var gone = new List<long>();
        while (gone.Count < MaxBatch && store.BodyChanges.TryRead(out var body))
        {
            // 0 only says that bodies came.
            if (body != 0)
                gone.Add(body);
        }

        var after = 0L;
        index.Write(0, (connection, _) => after = IndexStatements.IndexedUpTo(connection));
        var bodies = await store.ReadAsync((after, MaxBatch), StoredBodies.ReadAfter, cancellationToken);
        if (bodies.Count == 0 && gone.Count == 0)
            return 0;

        var texts = new List<(long Body, IndexedText Text)>(bodies.Count);
        var octets = 0L;
        foreach (var body in bodies)
        {
            if (await ReadAsync(body, cancellationToken) is { } text)
                texts.Add((body.Id, text));
            after = body.Id;
            octets += body.Octets;
            if (octets > MaxBatchOctets)
                break;
        }

        index.Write((texts, gone, after), static (connection, batch) =>
        {
            foreach (var (body, text) in batch.texts)
                IndexStatements.Insert(connection, body, text);
            foreach (var body in batch.gone)
                IndexStatements.Delete(connection, body);
            IndexStatements.SetIndexedUpTo(connection, batch.after);
        });
        return Math.Max(bodies.Count, gone.Count);
    }

    /// <returns><see langword="null"/> for a body that is gone.</returns>
    private async Task<IndexedText?> ReadAsync(BodyToRead body, CancellationToken cancellationToken)
    {
        try
        {
            var content = await store.ReadAsync((body, store.Bodies), static (connection, query) => MessageReading.TryReadContent(connection, query.body, query.Bodies), cancellationToken);
            if (content is null)
                return null;
            await using var stream = content.OpenRead();
            return IndexedText.Of(stream, MaxHeadOctets, options.Search.MaxTextOctets, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Expunged since the batch was read.
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk does not give this one, which must not stop the others.
            return IndexedText.Unreadable;
        }
    }

    /// <summary>Takes out what is in the index and not in the store, in steps.</summary>
    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        var indexedTo = 0L;
        index.Write(0, (connection, _) => indexedTo = IndexStatements.IndexedUpTo(connection));
        if (await store.ReadAsync(0, static (connection, _) => StoredBodies.HighestId(connection), cancellationToken) < indexedTo)
        {
            // The store is older than its index: a backup was put back, and ids mean other messages now.
            index.ThrowAway();
            return;
        }

        for (var after = 0L; ;)
        {
            var ids = new List<long>();
            index.Write(0, (connection, _) => ids = IndexStatements.Indexed(connection, (after, MaxCompared)));
            if (ids.Count == 0)
                return;

            var present = await store.ReadAsync((after, ids[^1]), StoredBodies.Ids, cancellationToken);
            var gone = ids.Where(id => !present.Contains(id)).ToList();
            if (gone.Count > 0)
            {
                index.Write(gone, static (connection, bodies) =>
                {
                    foreach (var body in bodies)
                        IndexStatements.Delete(connection, body);
                });
            }

            after = ids[^1];
            await Task.Delay(Breath, clock, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Indexing for searches is put off.")]
    private static partial void LogPutOff(ILogger logger, Exception exception);
}
