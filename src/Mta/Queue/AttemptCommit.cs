using MailSuite.Mta.Delivery;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Queue;

/// <summary>Writes what an attempt did, and then tells it: to the log, to the journey, and to a sender who has waited long.</summary>
internal sealed partial class AttemptCommit(SpoolStore spool, SettlementRules rules, Reporting reporting, AttemptJourney journey, TimeProvider clock, ILogger<AttemptCommit> logger)
{
    /// <summary>How long a commit waits after it could not be made, before it is tried again.</summary>
    private static readonly TimeSpan CommitPause = TimeSpan.FromSeconds(5);

    /// <summary>Makes durable that another host has taken the message, before that host is told anything more.</summary>
    public async Task CommitTakenAsync(Settled settled, IReadOnlyList<RecipientResult> taken, CancellationToken stopping)
    {
        var settlements = taken.Select(result => rules.Settle(settled.Message, result, clock.GetUtcNow())).ToList();
        settled.IsOpen |= !await WriteAsync(settled.Message, settlements, stopping);
        settled.Failed |= settlements.Any(settlement => settlement.State.IsToBeReported());
        settled.AddCommitted(taken);
        foreach (var result in taken)
            LogDelivered(settled.Message.Id, result.Recipient.Address, result.Outcome.RemoteHost, result.Outcome.RemoteReply);
    }

    /// <summary>Makes durable what else the attempt did, and tells those who are to know.</summary>
    public async Task CommitAsync(Settled settled, CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var message = settled.Message;
        var ended = settled.Uncommitted.ToList();
        if (ended.Count == 0)
            return;

        var settlements = ended.Select(result => rules.Settle(message, result, now, settled.NotBefore(result.Recipient), settled.IsHeld)).ToList();
        if (!await WriteAsync(message, settlements, stopping))
        {
            settled.IsOpen = true;
            return;
        }

        settled.Failed |= settlements.Any(settlement => settlement.State.IsToBeReported());
        settled.NextDue = settlements.Min(settlement => settlement.NextAttemptAt);
        for (var i = 0; i < ended.Count; i++)
            Log(message, ended[i].Recipient, settlements[i]);
        journey.Settled(message, ended, settlements, settled.IsHeld, settled.Dialogue);
        await WarnAsync(message, ended, settlements, now, stopping);
    }

    /// <summary>Tells the sender of those who have waited long. If it cannot be written now, the next attempt finds it still to be done.</summary>
    private async Task WarnAsync(QueuedMessage message, List<RecipientResult> ended, List<Settlement> settlements, DateTimeOffset now, CancellationToken stopping)
    {
        var warned = new List<QueuedRecipient>();
        for (var i = 0; i < ended.Count; i++)
        {
            var (recipient, outcome) = (ended[i].Recipient, settlements[i].Outcome);
            if (settlements[i].State != RecipientState.Waiting || rules.WarningsDue(message, recipient, now) is not (not DelayWarnings.None and var due))
                continue;

            // RFC 2852 §4.1.3: it is the time that is over, whatever the trouble.
            var status = due.HasFlag(DelayWarnings.DeadlinePassed) ? StatusCodes.TransactionTimeOut : outcome.Status;
            warned.Add(recipient with { Warned = due, LastAttemptAt = now, Last = new LastOutcome(status, outcome.Reason, outcome.RemoteHost, outcome.RemoteReply) });
        }

        if (warned.Count == 0)
            return;

        try
        {
            await reporting.WarnAsync(message with { Recipients = warned }, stopping);
        }
        catch (SpoolUnavailableException e)
        {
            LogNotWritten(e, message.Id);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The program ends, and the next start tries again.
        }
    }

    /// <summary>Commits, again and again until the spool takes it: what another host has taken must not be sent to it once more.</summary>
    /// <returns>Whether it is written; it is not when the program ends first.</returns>
    private async Task<bool> WriteAsync(QueuedMessage message, IReadOnlyList<Settlement> settlements, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await spool.SettleAsync(message, settlements);
                return true;
            }
            catch (SpoolUnavailableException e)
            {
                LogNotWritten(e, message.Id);
            }

            try
            {
                await Task.Delay(CommitPause, clock, stopping);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    private void Log(QueuedMessage message, QueuedRecipient recipient, Settlement settlement)
    {
        var outcome = settlement.Outcome;
        switch (settlement.State)
        {
            case RecipientState.Delivered or RecipientState.DeliveredUntold or RecipientState.RelayedUntold or RecipientState.ExpandedUntold:
                LogDelivered(message.Id, recipient.Address, outcome.RemoteHost, outcome.RemoteReply);
                break;
            case RecipientState.Waiting:
                LogDeferred(message.Id, recipient.Address, outcome.Status, outcome.Reason, outcome.RemoteReply, settlement.NextAttemptAt!.Value);
                break;
            default:
                LogFailed(message.Id, recipient.Address, outcome.Status, outcome.Reason, outcome.RemoteReply);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId}: to {Recipient}, delivered: {Host} {Reply}")]
    private partial void LogDelivered(QueueId queueId, EnvelopeAddress recipient, string? host, string? reply);

    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId}: to {Recipient}, deferred: {Status} {Reason} {Reply}; next attempt {Next:u}")]
    private partial void LogDeferred(QueueId queueId, EnvelopeAddress recipient, EnhancedStatusCode status, string reason, string? reply, DateTimeOffset next);

    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId}: to {Recipient}, failed: {Status} {Reason} {Reply}")]
    private partial void LogFailed(QueueId queueId, EnvelopeAddress recipient, EnhancedStatusCode status, string reason, string? reply);

    [LoggerMessage(Level = LogLevel.Error, Message = "{QueueId}: the outcome of an attempt cannot be written; it is tried again until it can")]
    private partial void LogNotWritten(Exception error, QueueId queueId);
}
