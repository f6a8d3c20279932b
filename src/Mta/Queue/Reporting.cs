using MailSuite.Mta.Dsn;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Queue;

/// <summary>Tells the sender of a message what became of its recipients: one report for all of whom there is the same kind of news.</summary>
internal sealed partial class Reporting(
    SpoolStore spool, DeliveryReport reports, DoubleBounces doubleBounces, SettlementRules rules, IRecipientDirectory directory, AttemptJourney journey, TimeProvider clock, ILogger<Reporting> logger)
{
    /// <summary>Messages of whose delay a report is being made.</summary>
    private readonly HashSet<long> _warning = [];

    /// <summary>Reports what is settled: who has failed, or else who has it. When there are both, the other kind is left for the next call.</summary>
    /// <param name="dialogue">What was said when it failed, for the journey.</param>
    public async Task RunAsync(long messageKey, IReadOnlyList<TranscriptLine> dialogue, CancellationToken cancellationToken)
    {
        if (spool.Reader.LoadUnreported(messageKey) is not { } message)
            return;

        var failed = message.Recipients.Where(recipient => recipient.State == RecipientState.Failed).ToList();
        var kind = failed.Count > 0 ? ReportKind.Failed : ReportKind.Succeeded;
        if (failed.Count > 0)
            message = message with { Recipients = failed, FailedBefore = spool.Reader.FailedBefore(messageKey) };
        if (message.ReversePath.IsNull && await KeepAsync(message, dialogue) is var told)
        {
            if (told.Count == 0)
                return;
            message = message with { Recipients = told };
        }

        var report = await reports.ComposeAsync(message, kind, doubleBounces.Address, directory.Postmaster, cancellationToken);
        await spool.ReportAsync(message, report, cancellationToken);
        LogReported(message.Id, kind, message.Recipients.Count, report.Id);
        journey.Reported(message, kind, report, dialogue);
    }

    /// <summary>Reports that recipients wait for long, and with them all others of the message of whom that is to be told now.</summary>
    /// <param name="message">With the recipients of an attempt; of each, which warnings these are and its last outcome.</param>
    /// <exception cref="SpoolUnavailableException">Nothing was written.</exception>
    public async Task WarnAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        // Attempts at its other destinations may end at the same time: the report that is being made speaks of them too, or their next attempt does.
        lock (_warning)
        {
            if (!_warning.Add(message.Key))
                return;
        }

        try
        {
            message = message with { Recipients = [.. Delayed(message)] };
            if (message.Recipients.Count == 0)
                return;
            var report = await reports.ComposeAsync(message, ReportKind.Delayed, to: null, directory.Postmaster, cancellationToken);
            await spool.WarnAsync(message, report, cancellationToken);
            LogReported(message.Id, ReportKind.Delayed, message.Recipients.Count, report.Id);
            journey.Reported(message, ReportKind.Delayed, report, []);
        }
        finally
        {
            lock (_warning)
                _warning.Remove(message.Key);
        }
    }

    /// <summary>All of the message that are to be told of and are not yet, those at other destinations with what their last attempts did.</summary>
    private IEnumerable<QueuedRecipient> Delayed(QueuedMessage message)
    {
        var now = clock.GetUtcNow();
        var attempted = message.Recipients.ToDictionary(recipient => recipient.Key);
        foreach (var waiting in spool.Reader.Waiting(message.Key))
        {
            var recipient = attempted.GetValueOrDefault(waiting.Key, waiting);
            if (recipient.Last is not null && rules.WarningsDue(message, waiting, now) is not DelayWarnings.None and var due)
                yield return recipient with { Warned = due };
        }
    }

    /// <summary>Keeps for the postmaster to find what nobody may be told of.</summary>
    /// <returns>The recipients of whom somebody is told.</returns>
    private async Task<IReadOnlyList<QueuedRecipient>> KeepAsync(QueuedMessage message, IReadOnlyList<TranscriptLine> dialogue)
    {
        var kept = message.Recipients.Where(recipient => !doubleBounces.Tells(recipient)).ToList();
        if (kept.Count == 0)
            return message.Recipients;

        await spool.KeepAsync([.. kept.Select(recipient => recipient.Key)]);
        LogKept(message.Id, kept.Count);
        journey.Kept(message with { Recipients = kept }, dialogue);
        return [.. message.Recipients.Except(kept)];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId}: {Kind}, told of {Count} recipients by {Report}")]
    private partial void LogReported(QueueId queueId, ReportKind kind, int count, QueueId report);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{QueueId}: failed for {Count} recipients, and nobody may be told; the message is kept")]
    private partial void LogKept(QueueId queueId, int count);
}
