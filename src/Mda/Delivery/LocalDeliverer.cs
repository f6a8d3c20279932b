using System.Text;
using MailSuite.Mda.Accounts;
using MailSuite.Mda.Metrics;
using MailSuite.Mda.Search;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Delivery;

/// <summary>Final delivery: resolves the recipients, stages a large body, files in one transaction, tells the journey.</summary>
internal sealed partial class LocalDeliverer(
    MessageStaging staging, RecipientDirectory directory, AccountDirectory accounts, DetailMailboxes details, QuotaJudgement quotas, DeliveryJourney journey, TimeProvider clock, ILogger<LocalDeliverer> logger) : ILocalDelivery
{
    public async ValueTask<IReadOnlyList<LocalDeliveryOutcome>> DeliverAsync(LocalDelivery delivery, CancellationToken cancellationToken)
    {
        var began = MdaMeter.Begins();
        try
        {
            var outcomes = await DeliverOrFaultAsync(delivery, cancellationToken);
            MdaMeter.Ended(began, outcomes);
            return outcomes;
        }
        catch (StoreFault fault)
        {
            LogDeferred(logger, delivery.Journey.ToString(), fault.Reason);
            LocalDeliveryOutcome[] outcomes = [.. delivery.Recipients.Select(_ => new LocalDeliveryOutcome.Deferred(fault.Status, fault.Reason))];
            journey.TellFailures(delivery, outcomes);
            MdaMeter.Ended(began, outcomes);
            return outcomes;
        }
    }

    private async ValueTask<IReadOnlyList<LocalDeliveryOutcome>> DeliverOrFaultAsync(LocalDelivery delivery, CancellationToken cancellationToken)
    {
        var resolutions = new Resolution[delivery.Recipients.Count];
        for (var i = 0; i < resolutions.Length; i++)
            resolutions[i] = await ResolveAsync(delivery, delivery.Recipients[i], cancellationToken);

        var prefix = Encoding.UTF8.GetBytes(TraceOf(delivery));
        var octets = prefix.Length + delivery.Content.Octets;
        var targets = TargetsOf(resolutions, delivery.Into, octets);
        var filings = new Dictionary<FilingTarget, Filing>();
        HeaderFacts? facts = null;
        if (targets.Count > 0)
        {
            var now = clock.GetUtcNow();
            var message = await staging.StageAsync(delivery.Id, delivery.Journey, prefix, delivery.Content, MessageFlags.None, now, cancellationToken);
            facts = message.Facts.Header;
            foreach (var filing in await staging.CommitAsync(message, targets, cancellationToken))
                filings.Add(filing.Target, filing);
            if (filings.Values.Any(filing => filing.Result == FilingResult.Gone))
                accounts.Forget();
        }

        var outcomes = new LocalDeliveryOutcome[resolutions.Length];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = OutcomeOf(resolutions[i], filings, delivery.Into);
        journey.Tell(delivery, resolutions, filings, outcomes, facts);
        return outcomes;
    }

    /// <summary>Where reports go (RFC 5321 §4.4), and for which address it came (RFC 9228).</summary>
    /// <remarks>DEVIATION: of several recipients none is named. They share one copy of the message, and need not learn of each other (RFC 5321 §7.2).</remarks>
    private static string TraceOf(LocalDelivery delivery) => delivery.Recipients is [var only]
        ? $"Return-Path: {delivery.ReversePath}\r\nDelivered-To: {only}\r\n"
        : $"Return-Path: {delivery.ReversePath}\r\n";

    private async ValueTask<Resolution> ResolveAsync(LocalDelivery delivery, EnvelopeAddress recipient, CancellationToken cancellationToken)
    {
        var resolution = await directory.ResolveAsync(recipient, add: true, cancellationToken);
        if (delivery.Into != SpecialUse.Inbox || !resolution.Accounts.Any(account => account.Detail is not null))
            return resolution;

        var found = new AccountEntry[resolution.Accounts.Count];
        for (var i = 0; i < found.Length; i++)
            found[i] = await details.ApplyAsync(resolution.Accounts[i], delivery.Id, cancellationToken);
        return resolution with { Accounts = found };
    }

    /// <summary>The mailboxes that the message is to be tried for: what can never fit is not.</summary>
    private List<FilingTarget> TargetsOf(Resolution[] resolutions, SpecialUse into, long octets)
    {
        var targets = new List<FilingTarget>(resolutions.Length);
        var seen = new HashSet<FilingTarget>();
        foreach (var resolution in resolutions)
        {
            foreach (var entry in resolution.Accounts)
            {
                if (!quotas.IsTooLarge(octets, entry) && seen.Add(entry.Target(into)))
                    targets.Add(entry.Target(into));
            }
        }

        return targets;
    }

    private LocalDeliveryOutcome OutcomeOf(Resolution resolution, Dictionary<FilingTarget, Filing> filings, SpecialUse into)
    {
        if (resolution.Kind == ResolutionKind.DeadAlias || resolution is { Kind: ResolutionKind.Found, Accounts.Count: 0 })
            return new LocalDeliveryOutcome.Deferred(StatusCodes.SystemTemporary, "This alias leads to no mailbox at the moment.");
        if (resolution.Kind != ResolutionKind.Found)
            return new LocalDeliveryOutcome.Refused(StatusCodes.NoSuchMailbox, "There is no such mailbox here.");

        // Of an alias some accounts may have it by now. When the call is repeated with its id, only the others get it.
        var someHaveIt = resolution.Accounts.Any(entry => filings.TryGetValue(entry.Target(into), out var one) && one.Result is (FilingResult.Filed or FilingResult.FiledBefore));
        LocalDeliveryOutcome? failure = null;
        foreach (var entry in resolution.Accounts)
        {
            // Who can take it later decides: a refusal would keep it from them.
            if (failure is not LocalDeliveryOutcome.Deferred && FailureOf(entry.Target(into), filings, someHaveIt) is { } own)
                failure = own;
        }

        return failure ?? new LocalDeliveryOutcome.Stored { Expanded = resolution.Accounts.Count > 1 };
    }

    /// <summary>Why a mailbox has not got it; <see langword="null"/> when it has.</summary>
    private LocalDeliveryOutcome? FailureOf(FilingTarget target, Dictionary<FilingTarget, Filing> filings, bool someHaveIt)
    {
        if (!filings.TryGetValue(target, out var filing))
            return TooLarge(someHaveIt);

        return filing.Result switch
        {
            FilingResult.OverQuota => Full(quotas.StatusOf(filing.FullSince ?? clock.GetUtcNow()), someHaveIt),
            // Removed while the message was on its way, or made anew: the next attempt sees which.
            FilingResult.Gone => new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxBusy, "The mailbox is being changed.") { SomeHaveIt = someHaveIt },
            _ => null,
        };
    }

    /// <summary>Where others behind the same address have the message, nothing is refused any more: the rest is tried on, and the sender told when that ends.</summary>
    private static LocalDeliveryOutcome Full(EnhancedStatusCode status, bool someHaveIt) => status.IsPermanent && !someHaveIt
        ? new LocalDeliveryOutcome.Refused(status, "The mailbox is full.")
        : new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxFullForNow, "The mailbox is full.") { SomeHaveIt = someHaveIt };

    private static LocalDeliveryOutcome TooLarge(bool someHaveIt) => someHaveIt
        ? new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxFullForNow, "The message is larger than the mailbox may be.") { SomeHaveIt = true }
        : new LocalDeliveryOutcome.Refused(StatusCodes.MessageTooLargeForMailbox, "The message is larger than the mailbox may be.");

    [LoggerMessage(Level = LogLevel.Information, Message = "Delivery of {Journey} is deferred: {Reason}")]
    private static partial void LogDeferred(ILogger logger, string journey, string reason);
}
