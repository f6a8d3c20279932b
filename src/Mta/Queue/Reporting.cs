using MailSuite.Mta.Dsn;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Queue;

/// <summary>Tells the sender of a message what became of its recipients: one report for all of whom there is the same kind of news.</summary>
internal sealed partial class Reporting(SpoolStore spool, DeliveryReport reports, IRecipientDirectory directory, AttemptJourney journey, ILogger<Reporting> logger)
{
    /// <summary>Reports what is settled: who has failed, or else who has it. When there are both, the other kind is left for the next call.</summary>
    /// <param name="dialogue">What was said when it failed, for the journey.</param>
    public async Task RunAsync(long messageKey, IReadOnlyList<TranscriptLine> dialogue, CancellationToken cancellationToken)
    {
        if (spool.Reader.LoadUnreported(messageKey) is not { } message)
            return;

        var failed = message.Recipients.Where(recipient => recipient.State == RecipientState.Failed).ToList();
        var kind = failed.Count > 0 ? ReportKind.Failed : ReportKind.Succeeded;
        if (failed.Count > 0)
            message = message with { Recipients = failed };

        var report = await reports.ComposeAsync(message, kind, directory.Postmaster, cancellationToken);
        await spool.ReportAsync(message, report, cancellationToken);
        LogReported(message.Id, kind, message.Recipients.Count, report.Id);
        journey.Reported(message, kind, report, dialogue);
    }

    /// <summary>Reports that recipients wait for long.</summary>
    /// <param name="message">With those recipients; of each, which warnings these are and its last outcome.</param>
    /// <exception cref="SpoolUnavailableException">Nothing was written.</exception>
    public async Task WarnAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        var report = await reports.ComposeAsync(message, ReportKind.Delayed, directory.Postmaster, cancellationToken);
        await spool.WarnAsync(message, [.. message.Recipients.Select(recipient => (recipient.Key, recipient.Warned))], report, cancellationToken);
        LogReported(message.Id, ReportKind.Delayed, message.Recipients.Count, report.Id);
        journey.Reported(message, ReportKind.Delayed, report, []);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId}: {Kind}, told to the sender of {Count} recipients by {Report}")]
    private partial void LogReported(QueueId queueId, ReportKind kind, int count, QueueId report);
}
