using System.Text;
using MailSuite.Mda.Accounts;
using MailSuite.Mda.Metrics;
using MailSuite.Mda.Search;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Delivery;

/// <summary>Final delivery: resolves the recipients, stages a large body, files in one transaction, tells the journey.</summary>
internal sealed partial class LocalDeliverer(
    MessageStaging staging, RecipientDirectory directory, AccountDirectory accounts, DeliveryJourney journey, MdaOptions options, TimeProvider clock, ILogger<LocalDeliverer> logger) : ILocalDelivery
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
            resolutions[i] = await directory.ResolveAsync(delivery.Recipients[i], add: true, cancellationToken);

        var prefix = Encoding.UTF8.GetBytes(TraceOf(delivery));
        var octets = prefix.Length + delivery.Content.Octets;
        var fits = options.QuotaOctets == 0 || octets <= options.QuotaOctets;
        var targets = fits ? TargetsOf(resolutions, delivery.Into) : [];
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
            outcomes[i] = fits ? OutcomeOf(resolutions[i], filings, delivery.Into) : TooLarge();
        journey.Tell(delivery, resolutions, filings, outcomes, facts);
        return outcomes;
    }

    /// <summary>Where reports go (RFC 5321 §4.4), and for which address it came (RFC 9228).</summary>
    /// <remarks>DEVIATION: of several recipients none is named. They share one copy of the message, and need not learn of each other (RFC 5321 §7.2).</remarks>
    private static string TraceOf(LocalDelivery delivery) => delivery.Recipients is [var only]
        ? $"Return-Path: {delivery.ReversePath}\r\nDelivered-To: {only}\r\n"
        : $"Return-Path: {delivery.ReversePath}\r\n";

    private static List<FilingTarget> TargetsOf(Resolution[] resolutions, SpecialUse into)
    {
        var targets = new List<FilingTarget>(resolutions.Length);
        var seen = new HashSet<FilingTarget>();
        foreach (var resolution in resolutions)
        {
            foreach (var entry in resolution.Accounts)
            {
                if (seen.Add(entry.Target(into)))
                    targets.Add(entry.Target(into));
            }
        }

        return targets;
    }

    private static LocalDeliveryOutcome OutcomeOf(Resolution resolution, Dictionary<FilingTarget, Filing> filings, SpecialUse into)
    {
        if (resolution.Kind == ResolutionKind.DeadAlias || resolution is { Kind: ResolutionKind.Found, Accounts.Count: 0 })
            return new LocalDeliveryOutcome.Deferred(StatusCodes.SystemTemporary, "This alias leads to no mailbox at the moment.");
        if (resolution.Kind != ResolutionKind.Found)
            return new LocalDeliveryOutcome.Refused(StatusCodes.NoSuchMailbox, "There is no such mailbox here.");

        // Of an alias some accounts may have it by now. When the call is repeated with its id, only the others get it.
        var someHaveIt = resolution.Accounts.Any(entry => filings[entry.Target(into)].Result is FilingResult.Filed or FilingResult.FiledBefore);
        foreach (var entry in resolution.Accounts)
        {
            switch (filings[entry.Target(into)].Result)
            {
                case FilingResult.OverQuota:
                    return new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxFullForNow, "The mailbox is full.") { SomeHaveIt = someHaveIt };
                case FilingResult.Gone:
                    // Removed while the message was on its way, or made anew: the next attempt sees which.
                    return new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxBusy, "The mailbox is being changed.") { SomeHaveIt = someHaveIt };
            }
        }

        return new LocalDeliveryOutcome.Stored { Expanded = resolution.Accounts.Count > 1 };
    }

    private static LocalDeliveryOutcome.Refused TooLarge() => new(StatusCodes.MessageTooLargeForMailbox, "The message is larger than a mailbox may be.");

    [LoggerMessage(Level = LogLevel.Information, Message = "Delivery of {Journey} is deferred: {Reason}")]
    private static partial void LogDeferred(ILogger logger, string journey, string reason);
}
