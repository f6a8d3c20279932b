using MailSuite.Mda.Accounts;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Search;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Store;

/// <summary>What the store does behind the mail: sweeps orphans, forgets old delivery ids, finishes removals, derives what a delivery left.</summary>
/// <remarks>
/// Only one process of a data directory does it: the one that holds <c>mda.lock</c>. The others, as the command line, may write
/// nevertheless, so a body file is an orphan only when it is far older than any delivery that could still commit it.
/// </remarks>
internal sealed partial class StoreUpkeep(
    MailStore store, BodyDerivation derivation, SearchIndexing indexing, MdaOptions options, TimeProvider clock, ILogger<StoreUpkeep> logger) : BackgroundService
{
    /// <summary>Held, in the data directory, by the one process that looks after the store.</summary>
    internal const string LockFile = "mda.lock";

    private const int MaxForget = 500;

    private static readonly TimeSpan DeliveryRetention = TimeSpan.FromDays(7);
    private static readonly TimeSpan OrphanAge = TimeSpan.FromDays(1);
    private static readonly TimeSpan LockRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan HistoryInterval = TimeSpan.FromDays(1);

    private DateTimeOffset _boundedAt = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await store.OpenAsync();
        using var held = await LockAsync(stoppingToken);
        await Task.WhenAll(derivation.RunAsync(stoppingToken), indexing.RunAsync(stoppingToken), RepeatAsync(stoppingToken));
    }

    private async Task RepeatAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await TryAsync(() => SweepAsync(stoppingToken));
            await TryAsync(() => FinishRemovalsAsync(stoppingToken));
            await TryAsync(() => ForgetDeliveriesAsync(stoppingToken));
            await TryAsync(() => BoundHistoryAsync(stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Removes body files that no row names (states S1, S2 and S4).</summary>
    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        foreach (var file in store.Bodies.ListWrittenBefore(clock.Real().GetUtcNow() - OrphanAge))
        {
            if (await store.ReadAsync(file, UpkeepStatements.IsNamed, stoppingToken))
                continue;
            store.Bodies.Delete(file);
            LogOrphan(logger, file);
        }
    }

    private async Task FinishRemovalsAsync(CancellationToken stoppingToken)
    {
        foreach (var account in await store.ReadAsync(0, static (connection, _) => UpkeepStatements.RemovedAccounts(connection), stoppingToken))
            await AccountRemoval.FinishAsync(store, account, stoppingToken);
        foreach (var mailbox in await store.ReadAsync(0, static (connection, _) => RemovalStatements.Removed(connection), stoppingToken))
            await MailboxRemoval.FinishAsync(store, mailbox, stoppingToken);
    }

    private async Task ForgetDeliveriesAsync(CancellationToken stoppingToken)
    {
        var before = clock.GetUtcNow() - DeliveryRetention;
        while (await store.WriteAsync(turn => UpkeepStatements.Forget(turn, before, MaxForget), takesSpace: false, stoppingToken) == MaxForget)
        {
        }
    }

    /// <summary>Forgets what went longest ago and the oldest conversations, where there is more than is kept.</summary>
    private async Task BoundHistoryAsync(CancellationToken stoppingToken)
    {
        // Walks over two whole tables, whose rows are short.
        if (clock.GetUtcNow() is var now && now < _boundedAt + HistoryInterval)
            return;
        _boundedAt = now;

        foreach (var (mailbox, keepFrom) in await store.ReadAsync(ExpungeHistory.MaxRows, ExpungeStatements.TooLong, stoppingToken))
        {
            while (await store.WriteAsync(turn => ExpungeStatements.Forget(turn, mailbox, keepFrom, MaxForget), takesSpace: false, stoppingToken) > 0)
            {
            }
        }

        foreach (var (account, keepFrom) in await store.ReadAsync(ThreadKeys.MaxLinks, ThreadStatements.TooMany, stoppingToken))
            await store.WriteAsync(turn => ThreadStatements.Forget(turn, account, keepFrom), takesSpace: false, stoppingToken);
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Whatever it is, a full or locked database or a bug of ours, the next round tries again and mail goes on.
            LogPutOff(logger, fault);
        }
    }

    private async Task<FileStream> LockAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(options.DataDirectory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(LockRetry, clock, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the body file {File}, which an interrupted delivery or removal had left.")]
    private static partial void LogOrphan(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Upkeep of the mailbox store is put off.")]
    private static partial void LogPutOff(ILogger logger, Exception exception);
}
