using MailSuite.Mta.Delivery;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Queue;

/// <summary>What becomes of a recipient by what an attempt did: done, failed, or tried again, when, and what its sender is told.</summary>
internal sealed class SettlementRules(RetrySchedule schedule, MtaOptions options)
{
    /// <summary>Whether nothing may be tried any more, because its sender wants it by a time that is over or not at all (RFC 2852 §4.1.3).</summary>
    public static bool IsTooLate(QueuedMessage message, DateTimeOffset now) => message.Requests.DeliverBy is { Returns: true } by && now >= by.Deadline;

    public static RecipientOutcome TooLate(DateTimeOffset deadline) =>
        RecipientOutcome.Failed(StatusCodes.DeliveryTimeExpired, $"Its sender wanted it delivered by {deadline:yyyy-MM-dd HH:mm:ss} UTC or returned.") with { IsExpired = true };

    /// <param name="notBefore">Given when nobody was asked: the attempt does not count, and the next is made then.</param>
    /// <param name="isHeld">Whether its client comes for it: it has no next attempt of its own, but an end.</param>
    public Settlement Settle(QueuedMessage message, RecipientResult result, DateTimeOffset now, DateTimeOffset? notBefore = null, bool isHeld = false)
    {
        var recipient = result.Recipient;
        var outcome = Expire(message, result.Outcome, now);
        var state = StateAfter(message, recipient, outcome, now);
        if (state != RecipientState.Waiting)
            return new Settlement(recipient.Key, state, outcome, null, Tried: true) { Suppresses = Suppresses(message, recipient, result.Outcome) };

        var next = (notBefore ?? (isHeld ? DateTimeOffset.MaxValue : null)) is { } at ? schedule.Limit(at, message.ReleasedAt, now) : schedule.Next(recipient.Attempts + 1, message.ReleasedAt, now);
        // At the deadline there is something to be told.
        if (message.Requests.DeliverBy is { } by && by.Deadline > now && by.Deadline < next)
            next = by.Deadline;
        return new Settlement(recipient.Key, state, outcome, next, Tried: notBefore is null);
    }

    /// <summary>The reports of delay that its sender is to get now, of a recipient that waits on.</summary>
    public DelayWarnings WarningsDue(QueuedMessage message, QueuedRecipient recipient, DateTimeOffset now)
    {
        var due = DelayWarnings.None;
        if (message.ReversePath.IsNull || !recipient.Recipient.Notify.WantsDelay())
            return due;

        // A deadline that was past when the message came has been told by the host before.
        if (message.Requests.DeliverBy is { Returns: false } by && by.Deadline > message.AcceptedAt && now >= by.Deadline)
            due |= DelayWarnings.DeadlinePassed;
        if (options.Relay.DelayWarning > TimeSpan.Zero && now - message.ReleasedAt >= options.Relay.DelayWarning)
            due |= DelayWarnings.Slow;
        return due & ~recipient.Warned;
    }

    /// <summary>Not at a domain that anybody may send to by us: what is taken for it would bounce to whoever is named as its sender, also when the mailbox has come into being.</summary>
    private bool Suppresses(QueuedMessage message, QueuedRecipient recipient, RecipientOutcome outcome) =>
        options.Relay.Suppression && Suppressions.IsCausedBy(outcome, message.ReversePath)
        && !options.Relay.Routing.BackupDomains.ContainsKey(recipient.Address.Domain) && !options.TurnDomains.ContainsKey(recipient.Address.Domain);

    private static RecipientState StateAfter(QueuedMessage message, QueuedRecipient recipient, RecipientOutcome outcome, DateTimeOffset now)
    {
        var notify = recipient.Recipient.Notify;
        return outcome is { Kind: OutcomeKind.Delivered, RemoteHost: not null }
            ? RecipientStates.AfterRelaying(outcome, message.ReversePath, notify, message.Requests.DeliverBy, now)
            : RecipientStates.After(outcome, message.ReversePath, notify);
    }

    /// <summary>When the lifetime is over 4.x.x becomes 5.x.x and keeps its detail: the real trouble says more than "expired" (RFC 3463 §3.5).</summary>
    private RecipientOutcome Expire(QueuedMessage message, RecipientOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Kind != OutcomeKind.Deferred)
            return outcome;
        if (IsTooLate(message, now))
            return TooLate(message.Requests.DeliverBy!.Deadline) with { RemoteHost = outcome.RemoteHost, RemoteReply = outcome.RemoteReply };
        return schedule.IsOver(message.ReleasedAt, now)
            ? outcome with { Kind = OutcomeKind.Failed, IsExpired = true, Status = outcome.Status with { Class = 5 }, Reason = $"{outcome.Reason} It was tried since {message.ReleasedAt:yyyy-MM-dd HH:mm} UTC and is given up now." }
            : outcome;
    }
}
