using MailSuite.Mta.Dsn;
using MailSuite.Mta.Dsn.Incoming;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Acceptance;

/// <summary>Takes responsibility for a message: hands it to the mailboxes and to the spool, and says yes only when both have it on disk.</summary>
/// <remarks>
/// <para>The spool comes first. When the mailboxes then cannot take it, the spool, which has just worked, takes their recipients too; the
/// other way round a full spool would leave only "try again", and with it a second copy in every mailbox that had its first.</para>
/// <para>Crash rule: until this returns the sender has no 250 and sends again, so a crash loses nothing. It doubles only what was durable
/// and not yet answered (RFC 5321 §6.1 accepts that; RFC 1047), and the same <see cref="Handover.Id"/> doubles nothing in a mailbox.</para>
/// <para>Never cancelled: a client that hangs up after its dot must not stop a commit half-way.</para>
/// </remarks>
internal sealed class MailAcceptance(ILocalDelivery localDelivery, ISpool spool, ForwardedCopies copies, ReceivedReports reports, DiskSpace disk, TerminalDelivery terminals, ILogger<MailAcceptance> log)
{
    /// <summary>The part of a hand-over for mailboxes here.</summary>
    internal const int LocalPart = 1;

    /// <summary>The part whose recipients could not be judged yet, or have failed.</summary>
    private const int UnjudgedPart = 2;

    /// <summary>The part that is only to tell of aliases that the message has gone to all of their addresses.</summary>
    private const int ExpandedPart = 3;

    public ValueTask<AcceptanceOutcome> AcceptAsync(Handover message) => reports.Concerns(message) ? AcceptReportAsync(message) : TakeAsync(message);

    private async ValueTask<AcceptanceOutcome> AcceptReportAsync(Handover message)
    {
        var outcome = await TakeAsync(message);
        if (outcome is AcceptanceOutcome.Accepted or AcceptanceOutcome.OfEach)
            await reports.OfferAsync(message);
        return outcome;
    }

    private ValueTask<AcceptanceOutcome> TakeAsync(Handover message) => message.Terminal switch
    {
        // The sender is still there to be told that the time of BY was too short.
        _ when message.Requests.DeliverBy is { Returns: true } by && message.ReceivedAt >= by.Deadline =>
            new(new AcceptanceOutcome.Refused(StatusCodes.DeliveryTimeExpired, "The time that BY gave is over; nothing was delivered")),

        // What a policy holds back is not put before anybody's eyes.
        TerminalUse.Send when message.Into != SpecialUse.Inbox => new(new AcceptanceOutcome.Refused(StatusCodes.NotAuthorized, "A policy here holds this message back, and SEND keeps nothing")),
        _ when message.Into != SpecialUse.Inbox => MailAsync(message),
        TerminalUse.Send => SendAsync(message),
        TerminalUse.SendOrMail => SendOrMailAsync(message),
        TerminalUse.SendAndMail => SendAndMailAsync(message),
        _ => MailAsync(message),
    };

    /// <summary>Nothing is stored, so 250 is said only when all have seen it. Who saw it sees it again when the sender tries again.</summary>
    private async ValueTask<AcceptanceOutcome> SendAsync(Handover message)
    {
        try
        {
            var outcomes = await terminals.ShowAsync(message, isKept: false);
            if (outcomes.Contains(TerminalOutcome.NotShowable))
                return new AcceptanceOutcome.Refused(StatusCodes.MediaNotSupported, "Too long for a screen, or with attachments, and SEND keeps nothing: use MAIL, or SAML");

            for (var i = 0; i < outcomes.Count; i++)
            {
                if (outcomes[i] != TerminalOutcome.Shown)
                    return new AcceptanceOutcome.Deferred(StatusCodes.MailboxBusy, $"<{message.Local[i].Address}> is not there any more; nothing was stored");
            }

            return new AcceptanceOutcome.Accepted();
        }
        catch (Exception e)
        {
            log.AcceptanceFailed(e, message.Id.ToString());
            return new AcceptanceOutcome.Deferred(StatusCodes.SystemTemporary, "Local error; nothing was kept, try again");
        }
    }

    /// <summary>A recipient who cannot be shown it has it in the mailbox: showing comes first, and a failure of it is no failure.</summary>
    private async ValueTask<AcceptanceOutcome> SendOrMailAsync(Handover message)
    {
        var outcomes = await TryShowAsync(message, isKept: false);
        var left = message.Local.Where((_, i) => outcomes[i] != TerminalOutcome.Shown).ToList();
        return left.Count + message.Remote.Count + message.Forwards.Count > 0 ? await MailAsync(message with { Local = left }) : new AcceptanceOutcome.Accepted();
    }

    /// <summary>The mailbox counts; the screen is a courtesy.</summary>
    private async ValueTask<AcceptanceOutcome> SendAndMailAsync(Handover message)
    {
        var outcome = await MailAsync(message);
        if (outcome is AcceptanceOutcome.Accepted)
            await TryShowAsync(message, isKept: true);
        return outcome;
    }

    private async ValueTask<IReadOnlyList<TerminalOutcome>> TryShowAsync(Handover message, bool isKept)
    {
        try
        {
            return await terminals.ShowAsync(message, isKept);
        }
        catch (Exception e)
        {
            log.ShowingFailed(e, message.Id.ToString());
            return [.. message.Local.Select(_ => TerminalOutcome.NobodyThere)];
        }
    }

    private async ValueTask<AcceptanceOutcome> MailAsync(Handover message)
    {
        if (!disk.HasRoomFor(message.Content.Octets * (1 + message.Forwards.Count)))
            return new AcceptanceOutcome.Deferred(StatusCodes.SystemStorageFull, "Not enough storage here for now");

        try
        {
            if (message.Forwards.Count > 0 && message.DeliveredTo.Count > 0 && LoopsOf(message) is { Count: > 0 } loops)
            {
                message = WithoutLoops(message, loops);
                if (message.Local.Count + message.Remote.Count + message.Forwards.Count == 0 && !message.IsUnattended)
                    return new AcceptanceOutcome.Refused(StatusCodes.RoutingLoop, $"This message is looping: it has been at <{loops[0].Alias.Address}> before");
            }

            if (IsSpooled(message) || IsHeld(message))
                await spool.AcceptAsync(await PartsAsync(message), CancellationToken.None);
            return message.Local.Count == 0 || IsHeld(message) ? new AcceptanceOutcome.Accepted() : await DeliverAsync(message);
        }
        catch (SpoolUnavailableException e)
        {
            log.SpoolUnavailable(e, message.Id.ToString());
            return new AcceptanceOutcome.Deferred(e.Status, "The message cannot be stored here for now");
        }
        catch (Exception e)
        {
            log.AcceptanceFailed(e, message.Id.ToString());
            return new AcceptanceOutcome.Deferred(StatusCodes.SystemTemporary, "Local error; nothing was kept, try again");
        }
    }

    /// <summary>What the spool gets of a message, in one write: other hosts' recipients, copies that aliases send on, recipients that have failed or are not judged, those that are held.</summary>
    private async ValueTask<List<SpooledMessage>> PartsAsync(Handover message)
    {
        var parts = new List<SpooledMessage>();
        // A part of its own: a message that comes again with its id may be judged otherwise, and a part that is there is left as it is.
        if (message.AlsoSpooled.Count > 0)
            parts.Add(PartOf(message, part: UnjudgedPart, message.AlsoSpooled));
        if (message.Remote.Count > 0)
            parts.Add(PartOf(message with { ReversePath = message.OnwardReversePath ?? message.ReversePath }, part: 0, [.. message.Remote.Select(recipient => new SpooledRecipient(recipient, null))]));
        if (message.Local.Count > 0 && IsHeld(message))
            parts.Add(PartOf(message, part: LocalPart, [.. message.Local.Select(recipient => new SpooledRecipient(recipient, null))]));
        if (message.Forwards.Count > 0)
            await AddForwardsAsync(message, parts);
        return parts;
    }

    private async ValueTask AddForwardsAsync(Handover message, List<SpooledMessage> parts)
    {
        var whole = PartOf(message, part: 0, []);
        var reversePath = await copies.ReversePathAsync(message.ReversePath, message.IsOwn, CancellationToken.None);
        parts.AddRange(message.Forwards.Where(forward => forward.Targets.Count > 0).Select(forward => ForwardedCopies.Of(forward, message.Id, whole, reversePath)));

        // Whose alias has mailboxes here is told of it when they have it.
        var expanded = message.ReversePath.IsNull ? [] : message.Forwards.Where(forward => forward.IsExpanded && !message.Local.Any(local => local.Address.Equals(forward.Alias.Address)))
            .Select(forward => new SpooledRecipient(forward.Alias, null) { Success = new RecipientSuccess(Expanded: true) }).ToList();
        if (expanded.Count > 0)
            parts.Add(PartOf(message with { Content = await ReturnedMessage.HeaderOfAsync(message.Content, CancellationToken.None) }, part: ExpandedPart, expanded));
    }

    /// <summary>Aliases at which the message has been before: to send it on once more would never end (RFC 5321 §6.3, RFC 9228).</summary>
    private static List<Forward> LoopsOf(Handover message) =>
        [.. message.Forwards.Where(forward => message.DeliveredTo.Contains(forward.Alias.Address.ToString(), StringComparer.OrdinalIgnoreCase))];

    /// <summary>The others get it, and its sender hears of these; mailboxes of such an alias had it the first time.</summary>
    private static Handover WithoutLoops(Handover message, List<Forward> loops) => message with
    {
        Local = [.. message.Local.Where(local => !loops.Exists(loop => loop.Alias.Address.Equals(local.Address)))],
        Forwards = [.. message.Forwards.Except(loops)],
        AlsoSpooled =
        [
            .. message.AlsoSpooled,
            .. loops.Where(loop => message.ReversePath.IsNull || loop.Alias.Notify.WantsFailure())
                .Select(loop => new SpooledRecipient(loop.Alias, new RecipientFailure(StatusCodes.RoutingLoop, "The message is looping: it has been at this alias before."))),
        ],
    };

    private static bool IsHeld(Handover message) => message.Requests.Hold is { } hold && hold.Until > message.ReceivedAt;

    private async ValueTask<AcceptanceOutcome> DeliverAsync(Handover message)
    {
        var outcomes = await DeliverLocallyAsync(message);
        if (message.AnswersEach)
            return new AcceptanceOutcome.OfEach(await AnswerEachAsync(message, outcomes));

        var stored = IsSpooled(message) || message.IsUnattended;
        AcceptanceOutcome.Deferred? deferred = null;
        AcceptanceOutcome.Refused? refused = null;
        List<SpooledRecipient>? left = null;
        for (var i = 0; i < outcomes.Count; i++)
        {
            switch (outcomes[i])
            {
                case LocalDeliveryOutcome.Stored done:
                    stored = true;
                    if (message.Local[i].Notify.WantsSuccess() && !message.ReversePath.IsNull)
                        (left ??= []).Add(new SpooledRecipient(message.Local[i], null) { Success = new RecipientSuccess(done.Expanded || IsForwarded(message, message.Local[i])) });
                    break;
                case LocalDeliveryOutcome.Deferred later:
                    stored |= later.SomeHaveIt;
                    deferred ??= new AcceptanceOutcome.Deferred(later.Status, later.Reason);
                    (left ??= []).Add(new SpooledRecipient(message.Local[i], null));
                    break;
                case LocalDeliveryOutcome.Refused never:
                    refused ??= new AcceptanceOutcome.Refused(never.Status, never.Reason);
                    // Whose sender does not want to hear of it leaves nothing to be done.
                    if (message.ReversePath.IsNull || message.Local[i].Notify.WantsFailure())
                        (left ??= []).Add(new SpooledRecipient(message.Local[i], new RecipientFailure(never.Status, never.Reason)));
                    break;
                default:
                    throw new InvalidOperationException($"There is no outcome {outcomes[i]}.");
            }
        }

        // Nobody has it yet: the sender can still be told, and keeps the message.
        if (!stored)
            return deferred is not null ? deferred : refused!;

        if (left is null)
            return new AcceptanceOutcome.Accepted();

        if (left.TrueForAll(recipient => recipient.Success is not null))
            await SpoolSuccessAsync(message, left);
        else
            await SpoolAsync(message, part: LocalPart, left);
        return new AcceptanceOutcome.Accepted();
    }

    /// <summary>What is only to be reported needs no more than its header (RFC 3461 §4.3).</summary>
    private async ValueTask SpoolSuccessAsync(Handover message, List<SpooledRecipient> recipients)
    {
        try
        {
            var header = await ReturnedMessage.HeaderOfAsync(message.Content, CancellationToken.None);
            await SpoolAsync(message with { Content = header }, part: LocalPart, recipients);
        }
        catch (Exception e)
        {
            // Every mailbox has it: a sender who was told to come again would double it there, which is worse than a report that is missing.
            log.SuccessNotReported(e, message.Id.ToString());
        }
    }

    private static bool IsSpooled(Handover message) => message.Remote.Count + message.AlsoSpooled.Count + message.Forwards.Count > 0;

    private static bool IsForwarded(Handover message, EnvelopeRecipient local) => message.Forwards.Any(forward => forward.Alias.Address.Equals(local.Address));

    /// <summary>Of an alias some of whose mailboxes have it the others wait here: a sender who came again would give it to those twice.</summary>
    private async ValueTask<IReadOnlyList<AcceptanceOutcome>> AnswerEachAsync(Handover message, IReadOnlyList<LocalDeliveryOutcome> outcomes)
    {
        var answers = outcomes.Select(OutcomeFor).ToArray();
        var begun = Enumerable.Range(0, answers.Length).Where(i => outcomes[i] is LocalDeliveryOutcome.Deferred { SomeHaveIt: true }).ToList();
        if (begun.Count == 0)
            return answers;

        try
        {
            await SpoolAsync(message, part: LocalPart, [.. begun.Select(i => new SpooledRecipient(message.Local[i], null))]);
            foreach (var i in begun)
                answers[i] = new AcceptanceOutcome.Accepted();
        }
        catch (Exception e)
        {
            // What the mailboxes have is no less true: only these are asked for again.
            log.SpoolUnavailable(e, message.Id.ToString());
        }

        return answers;
    }

    /// <summary>What one recipient's sender hears.</summary>
    private static AcceptanceOutcome OutcomeFor(LocalDeliveryOutcome outcome) => outcome switch
    {
        LocalDeliveryOutcome.Stored => new AcceptanceOutcome.Accepted(),
        LocalDeliveryOutcome.Deferred later => new AcceptanceOutcome.Deferred(later.Status, later.Reason),
        LocalDeliveryOutcome.Refused never => new AcceptanceOutcome.Refused(never.Status, never.Reason),
        _ => throw new InvalidOperationException($"There is no outcome {outcome}."),
    };

    private async ValueTask<IReadOnlyList<LocalDeliveryOutcome>> DeliverLocallyAsync(Handover message)
    {
        try
        {
            var delivery = new LocalDelivery(message.Id, message.Journey, message.ReversePath, [.. message.Local.Select(recipient => recipient.Address)], message.Content) { Into = message.Into };
            return await localDelivery.DeliverAsync(delivery, CancellationToken.None);
        }
        catch (Exception e) when (IsSpooled(message) || message.IsUnattended)
        {
            // The spool has the others already, or nobody waits: these wait in the spool.
            log.AcceptanceFailed(e, message.Id.ToString());
            return [.. message.Local.Select(_ => new LocalDeliveryOutcome.Deferred(StatusCodes.SystemTemporary, "Local error"))];
        }
    }

    private ValueTask SpoolAsync(Handover message, int part, IReadOnlyList<SpooledRecipient> recipients) => spool.AcceptAsync([PartOf(message, part, recipients)], CancellationToken.None);

    private static SpooledMessage PartOf(Handover message, int part, IReadOnlyList<SpooledRecipient> recipients) =>
        new(QueueId.Of(message.Id, part), message.Journey, message.ReversePath, recipients, message.Body, message.SmtpUtf8, message.Content, message.ReceivedAt)
        {
            // The mailboxes know by it who has the message already.
            Delivery = message.Id,
            Requests = message.Requests,
            Into = message.Into,
        };
}

internal static partial class AcceptanceLog
{
    [LoggerMessage(LogLevel.Warning, "{Id}: the spool cannot take a message")]
    internal static partial void SpoolUnavailable(this ILogger log, Exception exception, string id);

    [LoggerMessage(LogLevel.Warning, "{Id}: a message could not be shown")]
    internal static partial void ShowingFailed(this ILogger log, Exception exception, string id);

    [LoggerMessage(LogLevel.Error, "{Id}: the message is in its mailboxes, and the report of it that its sender asked for cannot be stored")]
    internal static partial void SuccessNotReported(this ILogger log, Exception exception, string id);

    [LoggerMessage(LogLevel.Error, "{Id}: accepting a message failed")]
    internal static partial void AcceptanceFailed(this ILogger log, Exception exception, string id);
}
