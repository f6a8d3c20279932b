using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Model;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Search;

/// <summary>Derives the previews that were not derived at delivery, behind it, in batches, in the order the bodies came.</summary>
/// <remarks>
/// How far it is stands in <c>store_state</c> and moves in the transaction that writes the previews, so a crash repeats a batch at most.
/// Bodies that came with their previews are passed over; that is written down now and then only.
/// </remarks>
internal sealed partial class PreviewDerivation(MailStore store, TimeProvider clock, ILogger<PreviewDerivation> logger)
{
    private const int MaxBatch = 50;

    /// <summary>Bodies that a start may have to pass over once more.</summary>
    private const int MaxUnwritten = 1000;

    /// <summary>Between two batches, so that under load deliveries have the processors and previews follow when it is calmer.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan AfterFault = TimeSpan.FromMinutes(1);

    private readonly Dictionary<MailboxId, FiledBody> _waiting = [];
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
                // Not even a bug of ours in here may end the program: previews are a convenience.
                LogPutOff(logger, exception);
                pause = AfterFault;
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    /// <returns>Whether there was anything to do.</returns>
    internal async Task<bool> DeriveBatchAsync(CancellationToken cancellationToken)
    {
        while (store.FiledBodies.TryRead(out var filed))
            _waiting[filed.Notice.Mailbox] = filed;

        var written = await store.ReadAsync(StoreStateRow.DerivedBody, AccountStatements.State, cancellationToken);
        // Asked first: what comes after it is not among those that are passed over now.
        var last = await store.ReadAsync(0, static (connection, _) => UpkeepStatements.LastBodyId(connection), cancellationToken);
        var bodies = await store.ReadAsync((Math.Max(written, _passed), MaxBatch), UpkeepStatements.UnderivedBodies, cancellationToken);
        if (bodies.Count == 0)
        {
            _passed = last;
            if (last - written >= MaxUnwritten)
                await store.WriteAsync(turn => Passed(turn, last), takesSpace: false, cancellationToken);
            // A body is in the database a moment before its filing is told here, and may have been derived in that moment.
            TellMailboxes(last);
            return false;
        }

        var previews = new MessagePreview[bodies.Count];
        for (var i = 0; i < previews.Length; i++)
            previews[i] = await DeriveAsync(bodies[i], cancellationToken);

        await store.WriteAsync(
            turn =>
            {
                for (var i = 0; i < previews.Length; i++)
                    UpkeepStatements.Derive(turn, bodies[i].Id, previews[i].Text, previews[i].HasAttachments);
                return Passed(turn, bodies[^1].Id);
            },
            takesSpace: true,
            cancellationToken);
        TellMailboxes(bodies[^1].Id);
        return true;
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

    private async Task<MessagePreview> DeriveAsync(BodyToRead body, CancellationToken cancellationToken)
    {
        IMessageContent? content;
        try
        {
            content = await store.ReadAsync((body, store.Bodies), static (connection, query) => MessageReading.TryReadContent(connection, query.body, query.Bodies), cancellationToken);
            return content is null ? new MessagePreview(string.Empty, HasAttachments: false) : await MessagePreview.ReadAsync(content, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Expunged since the batch was read; or the disk does not give this one, which must not stop the others.
            return new MessagePreview(string.Empty, HasAttachments: false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deriving previews is put off.")]
    private static partial void LogPutOff(ILogger logger, Exception exception);
}
