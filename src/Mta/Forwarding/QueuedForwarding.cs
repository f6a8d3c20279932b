using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Forwarding;

/// <summary>Sends on what waits in the spool for an address that leads to other hosts: an alias that was made since, or one that could not be judged at its RCPT.</summary>
internal sealed class QueuedForwarding(MtaOptions options, SpoolStore spool, ForwardedCopies copies, AttemptJourney journey)
{
    /// <returns>What became of the recipient; <see langword="null"/> when its mailboxes here are still to get the message.</returns>
    public async Task<ForwardResult?> ForwardAsync(QueuedMessage message, QueuedRecipient recipient, RecipientVerdict.Forwards to, CancellationToken cancellationToken)
    {
        // What was split at acceptance has the others' share in a message of its own.
        if (to.AlsoHere && message.Id == QueueId.Of(message.Delivery, MailAcceptance.LocalPart))
            return null;
        if (!options.RelayEnabled)
            return to.AlsoHere ? null : new ForwardResult(RecipientOutcome.Deferred(StatusCodes.SystemNotAccepting, "Mail for other hosts is switched off here."), IsCommitted: false);
        if (await LoopsAsync(message, recipient, cancellationToken))
            return new ForwardResult(RecipientOutcome.Failed(StatusCodes.RoutingLoop, "The message is looping: it has been at this alias before."), IsCommitted: false);

        try
        {
            return await SendOnAsync(message, recipient, to, cancellationToken);
        }
        catch (SpoolUnavailableException e)
        {
            return new ForwardResult(RecipientOutcome.Deferred(e.Status, "The copy that is to go on cannot be stored here for now."), IsCommitted: false);
        }
    }

    /// <remarks>Crash rule: the copy and the end of the recipient are one commit. Where mailboxes get it too the copy comes first, and once more is the same copy.</remarks>
    private async Task<ForwardResult?> SendOnAsync(QueuedMessage message, QueuedRecipient recipient, RecipientVerdict.Forwards to, CancellationToken cancellationToken)
    {
        var forward = new Forward(recipient.Recipient, to.Elsewhere, IsSeveral: to.AlsoHere || to.Elsewhere.Count > 1);
        var reversePath = await copies.ReversePathAsync(message.ReversePath, isOwn: false, cancellationToken);
        var whole = new SpooledMessage(message.Id, message.Journey, message.ReversePath, [], message.Body, message.SmtpUtf8, message.Content, message.AcceptedAt) { Requests = message.Requests };
        var copy = ForwardedCopies.Of(forward, message.Delivery, whole, reversePath);
        if (to.AlsoHere)
        {
            await spool.AcceptAsync(copy, cancellationToken);
            return null;
        }

        var outcome = new RecipientOutcome(OutcomeKind.Delivered, StatusCodes.RecipientOk, "The address leads elsewhere, and the message was sent on.") { Expanded = forward.IsSeveral };
        var state = forward.IsExpanded && !message.ReversePath.IsNull ? RecipientState.ExpandedUntold : RecipientState.Delivered;
        await spool.ForwardAsync(message, [new Settlement(recipient.Key, state, outcome, NextAttemptAt: null, Tried: true)], [copy], cancellationToken);
        journey.Forwarded(message, recipient, copy);
        return new ForwardResult(outcome, IsCommitted: true);
    }

    private static async Task<bool> LoopsAsync(QueuedMessage message, QueuedRecipient recipient, CancellationToken cancellationToken)
    {
        var header = (await ContentScan.OfAsync(message.Content, cancellationToken)).Header;
        return header.DeliveredTo.Contains(recipient.Address.ToString(), StringComparer.OrdinalIgnoreCase);
    }
}

/// <param name="IsCommitted">Whether the outcome is on disk already.</param>
internal sealed record ForwardResult(RecipientOutcome Outcome, bool IsCommitted);
