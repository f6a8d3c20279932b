using MailSuite.Mda.Accounts;
using MailSuite.Mda.Search;
using MailSuite.Mda.Store;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;

namespace MailSuite.Mda.Delivery;

/// <summary>Tells the journey what a delivery did, after its commit. A repeated delivery that stores nothing tells nothing.</summary>
internal sealed class DeliveryJourney(IJourneyRecorder journeys, MdaOptions options, TimeProvider clock)
{
    internal void Tell(
        LocalDelivery delivery, Resolution[] resolutions, Dictionary<FilingTarget, Filing> filings, LocalDeliveryOutcome[] outcomes, HeaderFacts? facts)
    {
        if (filings.Values.Any(filing => filing.Result == FilingResult.Filed))
        {
            TellDelivered(delivery, resolutions, outcomes, facts!);
            TellFiled(delivery, resolutions, filings);
        }

        TellFailures(delivery, outcomes);
    }

    internal void TellFailures(LocalDelivery delivery, LocalDeliveryOutcome[] outcomes)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            var recipient = delivery.Recipients[i];
            if (outcomes[i] is LocalDeliveryOutcome.Refused refused)
                Record(delivery, MailRole.Mda, JourneyStep.Refused, $"Refused the message for {recipient}.", Say(refused.Status, refused.Reason), [recipient]);
            else if (outcomes[i] is LocalDeliveryOutcome.Deferred deferred)
                Record(delivery, MailRole.Mda, JourneyStep.Deferred, $"Could not deliver to {recipient} now.", Say(deferred.Status, deferred.Reason), [recipient]);
        }
    }

    private void TellDelivered(LocalDelivery delivery, Resolution[] resolutions, LocalDeliveryOutcome[] outcomes, HeaderFacts facts)
    {
        var stored = Enumerable.Range(0, outcomes.Length).Where(i => outcomes[i] is LocalDeliveryOutcome.Stored).ToList();
        // Of an alias some mailboxes have it and one has not: that is filed and not yet delivered.
        if (stored.Count == 0)
            return;

        EnvelopeAddress[] recipients = [.. stored.Select(i => delivery.Recipients[i])];
        var via = string.Join("; ", stored.Select(i => resolutions[i].Via).OfType<string>());
        Record(
            delivery, MailRole.Mda, JourneyStep.Delivered, $"Delivered to {Name(recipients)}; the message is on disk.", via.Length == 0 ? null : via + ".", recipients,
            new MessageFacts { MessageId = facts.MessageId, Subject = facts.Subject, ReversePath = delivery.ReversePath, Recipients = recipients, Octets = delivery.Content.Octets });
    }

    private void TellFiled(LocalDelivery delivery, Resolution[] resolutions, Dictionary<FilingTarget, Filing> filings)
    {
        var told = new HashSet<FilingTarget>();
        foreach (var entry in resolutions.SelectMany(resolution => resolution.Accounts))
        {
            var target = entry.Target(delivery.Into);
            if (filings.TryGetValue(target, out var filing) && filing.Result == FilingResult.Filed && told.Add(target))
                Record(delivery, MailRole.MessageStore, JourneyStep.Filed, $"Filed in {entry.NameOf(delivery.Into)} of {entry.Account.Address} as UID {filing.Uid}.", null, [entry.Account.Address]);
        }
    }

    private void Record(
        LocalDelivery delivery, MailRole role, JourneyStep step, string summary, string? reason, IReadOnlyList<EnvelopeAddress> recipients, MessageFacts? facts = null) =>
        journeys.Record(new JourneyEvent(delivery.Journey, clock.GetUtcNow(), role, step, options.HostName, summary) { Reason = reason, Recipients = recipients, Facts = facts });

    private static string Say(EnhancedStatusCode status, string reason) => $"{status} {reason}";

    private static string Name(EnvelopeAddress[] recipients) => recipients.Length switch
    {
        1 => recipients[0].ToString(),
        2 => $"{recipients[0]} and {recipients[1]}",
        _ => $"{recipients[0]} and {recipients.Length - 1} others",
    };
}
