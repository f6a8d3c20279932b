using MailSuite.Mda.Mime;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Model;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Search;

/// <summary>Derives what was not derived at delivery, behind it, in batches, in the order the bodies came; and everything anew after the program learned to derive it better.</summary>
/// <remarks>
/// How far it is stands in <c>store_state</c> and moves in the transaction that writes the facts, so a crash repeats a batch at most.
/// Bodies that came with their facts are passed over; that is written down now and then only.
/// </remarks>
internal sealed partial class BodyDerivation(MailStore store, TimeProvider clock, ILogger<BodyDerivation> logger)
{
    private const int MaxBatch = 50;

    /// <summary>Rows of an older version that are removed in one transaction.</summary>
    private const int MaxForget = 500;

    /// <summary>Bodies that a start may have to pass over once more.</summary>
    private const int MaxUnwritten = 1000;

    /// <summary>Between two batches, so that under load deliveries have the processors and facts follow when it is calmer.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan AfterFault = TimeSpan.FromMinutes(1);

    private readonly Dictionary<MailboxId, FiledBody> _waiting = [];
    private bool _isOfThisVersion;
    private long _passed;

    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = Breath;
            try
            {
                if (!await DeriveBatchAsync(stoppingToken))
                    await store.FiledBodies.WaitToReadAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Not even a bug of ours in here may end the program: whoever needs a fact that is not there derives it himself.
                LogPutOff(logger, exception);
                pause = AfterFault;
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    /// <returns>Whether there was anything to do.</returns>
    internal async Task<bool> DeriveBatchAsync(CancellationToken cancellationToken)
    {
        if (!_isOfThisVersion)
            await ForgetOtherVersionsAsync(cancellationToken);
        while (store.FiledBodies.TryRead(out var filed))
            _waiting[filed.Notice.Mailbox] = filed;

        var written = await store.ReadAsync(StoreStateRow.DerivedBody, AccountStatements.State, cancellationToken);
        // Asked first: what comes after it is not among those that are passed over now.
        var last = await store.ReadAsync(0, static (connection, _) => DerivedStatements.LastBodyId(connection), cancellationToken);
        var bodies = await store.ReadAsync((Math.Max(written, _passed), MaxBatch), DerivedStatements.UnderivedBodies, cancellationToken);
        if (bodies.Count == 0)
        {
            _passed = last;
            if (last - written >= MaxUnwritten)
                await store.WriteAsync(turn => Passed(turn, last), takesSpace: false, cancellationToken);
            // A body is in the database a moment before its filing is told here, and may have been derived in that moment.
            TellMailboxes(last);
            return false;
        }

        var facts = new DerivedFacts?[bodies.Count];
        for (var i = 0; i < facts.Length; i++)
            facts[i] = await TryDeriveAsync(store, bodies[i], cancellationToken);

        await store.WriteAsync(
            turn =>
            {
                for (var i = 0; i < facts.Length; i++)
                    DerivedStatements.Complete(turn, bodies[i].Id, facts[i]);
                return Passed(turn, bodies[^1].Id);
            },
            takesSpace: true,
            cancellationToken);
        TellMailboxes(bodies[^1].Id);
        return true;
    }

    /// <summary>Derives all facts of a body.</summary>
    /// <returns><see langword="null"/> where it cannot be read: expunged meanwhile, or the disk does not give this one, which must not stop the others.</returns>
    internal static async Task<DerivedFacts?> TryDeriveAsync(MailStore store, BodyToRead body, CancellationToken cancellationToken)
    {
        try
        {
            var content = await store.ReadAsync((body, store.Bodies), static (connection, query) => MessageReading.TryReadContent(connection, query.body, query.Bodies), cancellationToken);
            return content is null ? null : await DerivedFacts.ReadStoredAsync(content, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What another version of the program made of the messages goes, and is then missing.</summary>
    private async Task ForgetOtherVersionsAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(StoreStateRow.WireVersion, AccountStatements.State, cancellationToken) != WireFacts.Version)
        {
            while (await store.WriteAsync(turn => DerivedStatements.Forget(turn, MaxForget), takesSpace: false, cancellationToken) > 0)
            {
            }

            await store.WriteAsync(
                turn =>
                {
                    AccountStatements.SetState(turn, StoreStateRow.WireVersion, WireFacts.Version);
                    return Passed(turn, 0);
                },
                takesSpace: false,
                cancellationToken);
        }

        _isOfThisVersion = true;
    }

    private static bool Passed(WriteTurn turn, long body)
    {
        AccountStatements.SetState(turn, StoreStateRow.DerivedBody, body);
        return true;
    }

    /// <summary>A list that showed the message before its preview was there is to be read once more.</summary>
    private void TellMailboxes(long derived)
    {
        foreach (var (mailbox, filed) in _waiting)
        {
            if (filed.Body > derived)
                continue;
            store.Changes.Publish(filed.Notice);
            _waiting.Remove(mailbox);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deriving what is shown of messages is put off.")]
    private static partial void LogPutOff(ILogger logger, Exception exception);
}
