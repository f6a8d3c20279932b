using MailSuite.Mta.Delivery;
using MailSuite.Mta.Dsn;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Queue;

/// <summary>Tells the journey of a message what its attempts did, after what they did is committed.</summary>
internal sealed class AttemptJourney(MtaOptions options, IJourneyRecorder journeys, TimeProvider clock)
{
    public void Routed(QueuedMessage message, IReadOnlyList<QueuedRecipient> recipients, Route.To route) => journeys.Record(
        Event(message, JourneyStep.Routed, $"The next host for {recipients[0].Address.Domain.Unicode} is {route.Hosts[0].Name}.", recipients) with { Reason = route.Reason });

    /// <summary>Tells that a message which has just come in is not tried yet, because nobody answers at its destination.</summary>
    public void PutOff(QueuedMessage message, DateTimeOffset until) => journeys.Record(Event(
        message, JourneyStep.Deferred,
        $"No host of {message.Recipients[0].Address.Domain.Unicode} has answered lately; it was not tried now. They are asked again at {until:yyyy-MM-dd HH:mm:ss} UTC.", message.Recipients) with
    {
        Reason = $"{StatusCodes.NoAnswerFromHost} Nobody answers there.", Related = message.Related,
    });

    /// <summary>Tells that a recipient's mail goes elsewhere, in a copy with its own envelope.</summary>
    public void Forwarded(QueuedMessage message, QueuedRecipient recipient, SpooledMessage copy) => journeys.Record(
        Event(message, JourneyStep.Routed, $"{recipient.Address} leads to another host; the message goes there as {copy.Id}.", [recipient]));

    /// <summary>Tells of each session in which a host has taken the message.</summary>
    public void Relayed(QueuedMessage message, IReadOnlyList<SessionReport> sessions)
    {
        foreach (var session in sessions)
        {
            var taken = session.Results.Where(result => result.Outcome.Kind == OutcomeKind.Delivered).ToList();
            if (taken.Count == 0)
                continue;

            journeys.Record(Event(message, JourneyStep.Relayed, $"{taken[0].Outcome.RemoteHost} has taken the message; it is responsible for it now.", taken.Select(result => result.Recipient)) with
            {
                Reason = taken[0].Outcome.RemoteReply + $" ({session.Security})",
                Peer = session.Peer,
                Dialogue = session.Dialogue,
                Related = message.Related,
            });
        }
    }

    /// <summary>Tells of those who have to wait, and of those whose sender wants to hear of no failure. The others' failure is told with its report.</summary>
    /// <param name="isHeld">Whether it waits to be asked for.</param>
    public void Settled(QueuedMessage message, IReadOnlyList<RecipientResult> results, IReadOnlyList<Settlement> settlements, bool isHeld, IReadOnlyList<TranscriptLine> dialogue)
    {
        foreach (var group in results.Zip(settlements).GroupBy(pair => (pair.Second.State, pair.Second.Outcome)))
        {
            var (state, outcome) = group.Key;
            var recipients = group.Select(pair => pair.First.Recipient);
            var reason = outcome.RemoteReply ?? $"{outcome.Status} {outcome.Reason}";
            switch (state)
            {
                case RecipientState.Waiting:
                    var next = group.Min(pair => pair.Second.NextAttemptAt!.Value);
                    journeys.Record(Event(message, JourneyStep.Deferred, $"{outcome.Reason} It is {(isHeld ? "kept for it until" : "tried again at")} {next:yyyy-MM-dd HH:mm:ss} UTC.", recipients) with
                    {
                        Reason = reason, Peer = outcome.RemoteHost, Dialogue = dialogue, Related = message.Related,
                    });
                    break;
                case RecipientState.FailedSilently:
                    journeys.Record(Event(message, JourneyStep.Bounced, $"{outcome.Reason} Nobody is told, because its sender asked for that (NOTIFY={DsnParameters.ToText(group.First().First.Recipient.Recipient.Notify)}).", recipients) with
                    {
                        Reason = reason, Peer = outcome.RemoteHost, Dialogue = dialogue, Related = message.Related,
                    });
                    break;
            }
        }
    }

    /// <summary>Tells that nobody hears of a failure, because nobody may.</summary>
    /// <param name="message">With the recipients that have failed.</param>
    public void Kept(QueuedMessage message, IReadOnlyList<TranscriptLine> dialogue)
    {
        var last = message.Recipients[0].Last!;
        journeys.Record(Event(message, JourneyStep.Bounced, $"{last.Reason} Nobody is told, because the message has a null reverse-path; it is kept for the postmaster to look at.", message.Recipients) with
        {
            Reason = last.RemoteReply ?? $"{last.Status} {last.Reason}", Peer = last.RemoteHost, Dialogue = dialogue, Related = message.Related,
        });
    }

    /// <summary>Tells that the sender, or the postmaster in the place of none, gets a report.</summary>
    /// <param name="message">With the recipients that it is about.</param>
    public void Reported(QueuedMessage message, ReportKind kind, SpooledMessage report, IReadOnlyList<TranscriptLine> dialogue)
    {
        var last = message.Recipients[0].Last!;
        var step = kind == ReportKind.Failed ? JourneyStep.Bounced : JourneyStep.Reported;
        journeys.Record(Event(message, step, $"{last.Reason} {(message.ReversePath.Address is { } sender ? $"The sender {sender}" : $"It has no sender, so {report.Recipients[0].Address}")} is told by the report {report.Id}.", message.Recipients) with
        {
            Reason = last.RemoteReply ?? $"{last.Status} {last.Reason}",
            Peer = last.RemoteHost,
            Dialogue = dialogue,
            Related = report.Journey,
        });
    }

    private JourneyEvent Event(QueuedMessage message, JourneyStep step, string summary, IEnumerable<QueuedRecipient> recipients) =>
        new(message.Journey, clock.GetUtcNow(), MailRole.Mta, step, options.HostName.Ascii, summary) { Recipients = [.. recipients.Select(recipient => recipient.Address)] };
}
