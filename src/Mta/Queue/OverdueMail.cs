using MailSuite.Mta.Delivery;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Queue;

/// <summary>Sees to a message about which there is something to decide or to tell, without trying it: it is late, its deadline has passed, or its time is over.</summary>
/// <remarks>What is tried is seen to by its attempts as well; this is for what is not tried, because nobody answers for its destination.</remarks>
internal sealed class OverdueMail(SpoolStore spool, SettlementRules rules, RetrySchedule schedule, AttemptCommit commit, Reporting reporting, HeldDomains held, TimeProvider clock)
{
    /// <summary>How long a warning that could not be made waits for the next look.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <returns>Whether recipients have failed and wait for their report.</returns>
    /// <exception cref="SpoolUnavailableException">Something was not written; the next look finds it.</exception>
    public async Task<bool> RunAsync(long messageKey, CancellationToken cancellationToken)
    {
        if (spool.Reader.LoadWaiting(messageKey) is not { } message)
            return false;

        var now = clock.GetUtcNow();
        if (SettlementRules.IsTooLate(message, now) || schedule.IsOver(message.ReleasedAt, now))
        {
            var settled = new Settled(message, isHeld: false);
            settled.Add(message.Recipients.Select(recipient => new RecipientResult(recipient, LastOutcomeOf(recipient))));
            await commit.CommitAsync(settled, cancellationToken);
            return settled.Failed;
        }

        // What waits for its host to come is late as it is meant to be.
        var warned = message.Recipients.Where(recipient => !held.Holds(recipient.Recipient.Destination.Ascii) && rules.WarningsDue(message, recipient, now) != DelayWarnings.None)
            .Select(recipient => recipient with { Last = recipient.Last ?? Unanswered(recipient) }).ToList();
        if (warned.Count > 0)
            await reporting.WarnAsync(message with { Recipients = warned }, cancellationToken);

        await spool.NoticeAsync([.. spool.Reader.Waiting(messageKey).Select(recipient => new NoticeTaken(recipient.Key, recipient.Warned, Later(spool.NextNotice(message, recipient))))], cancellationToken);
        return false;

        DateTimeOffset Later(DateTimeOffset at) => at > now ? at : now + Pause;
    }

    private static RecipientOutcome LastOutcomeOf(QueuedRecipient recipient)
    {
        var last = recipient.Last ?? Unanswered(recipient);
        return RecipientOutcome.Deferred(last.Status, last.Reason) with { RemoteHost = last.RemoteHost, RemoteReply = last.RemoteReply };
    }

    private static LastOutcome Unanswered(QueuedRecipient recipient) =>
        new(StatusCodes.NoAnswerFromHost, $"No host of {recipient.Address.Domain.Unicode} has answered for as long as it waits.", null, null);
}
