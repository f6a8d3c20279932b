using MailSuite.Mta.Dsn;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Queue;

/// <summary>Tells the sender of a message which of its recipients have failed: one report for all that have no report yet.</summary>
internal sealed partial class Reporting(SpoolStore spool, FailureReport reports, IRecipientDirectory directory, AttemptJourney journey, ILogger<Reporting> logger)
{
    /// <param name="dialogue">What was said when it failed, for the journey.</param>
    public async Task RunAsync(long messageKey, IReadOnlyList<TranscriptLine> dialogue, CancellationToken cancellationToken)
    {
        if (spool.Reader.LoadUnreported(messageKey) is not { } message)
            return;

        var report = await reports.ComposeAsync(message, directory.Postmaster, cancellationToken);
        await spool.ReportAsync(message, report, cancellationToken);
        LogReported(message.Id, message.Recipients.Count, report.Id);
        journey.Bounced(message, report, dialogue);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId}: the failure of {Count} recipients is reported to the sender by {Report}")]
    private partial void LogReported(QueueId queueId, int count, QueueId report);
}
