using MailSuite.Mta.Delivery;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace MailSuite.Mta.Queue;

/// <summary>One attempt at the recipients of one message at one destination: who is local, where to, deliver, commit.</summary>
/// <remarks>
/// Crash rule (Spool/README.md): what another host has taken is committed before anything else is said to it; all other outcomes at the end.
/// A restart repeats what is not committed. It never loses a recipient.
/// </remarks>
internal sealed partial class DeliveryAttempt(
    MtaOptions options, SpoolStore spool, IRecipientDirectory directory, ILocalDelivery localDelivery, RouteTable routes, LaneKeys lanes, Router router, Courier courier,
    DestinationBreakers breakers, AttemptCommit commit, QueuedForwarding forwarding, HeldDomains held, Suppressions suppressions, AttemptJourney journey, TimeProvider clock, ILogger<DeliveryAttempt> logger)
{
    /// <summary>How long a recipient waits at least for whose host nobody was asked, so that it does not come back at once.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(5);

    /// <summary>Gives a message to a host, or to several in turn.</summary>
    private delegate Task<CourierReport> Send(
        OutboundMessage message, IReadOnlyList<QueuedRecipient> recipients, Func<IReadOnlyList<RecipientResult>, Task> delivered, CancellationToken cancellationToken);

    /// <param name="turned">A session in which the host of the destination fetches its mail; <see langword="null"/> to look for the host.</param>
    /// <param name="stopping">The program ends: what is not under way with another host is left for the next start.</param>
    public async Task<AttemptResult> RunAsync(Ready ready, TurnedSession? turned, CancellationToken stopping)
    {
        var entry = ready.Entry;
        if ((ready.Message ?? spool.Reader.Load(entry, clock.GetUtcNow())) is not { } message)
            return AttemptResult.Nothing;

        var settled = new Settled(message, held.Holds(entry.Destination)) { Lane = ready.Lane };
        try
        {
            if (SettlementRules.IsTooLate(message, clock.GetUtcNow()))
                settled.Add(message.Recipients, SettlementRules.TooLate(message.Requests.DeliverBy!.Deadline));
            var remote = await DeliverLocalAsync(settled, stopping);
            if (remote.Count > 0)
                await RelayAsync(settled, entry.Destination, remote, turned, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return AttemptResult.Nothing with { IsOpen = true };
        }
        catch (Exception e)
        {
            LogBug(e, message.Id);
            settled.Add(settled.Open.Select(recipient => new RecipientResult(recipient, RecipientOutcome.Deferred(StatusCodes.SystemTemporary, "This host has a fault of its own."))));
        }

        await commit.CommitAsync(settled, stopping);
        return new AttemptResult(settled.Failed, settled.Dialogue)
        {
            IsOpen = settled.IsOpen,
            Host = settled.Host,
            DeadUntil = settled.DeadUntil,
            Error = settled.Host == HostFeedback.Failed ? settled.Results.Select(result => result.Outcome.Reason).FirstOrDefault() : null,
            NextDue = settled.NextDue,
        };
    }

    /// <summary>Judges all recipients and delivers the local ones.</summary>
    /// <returns>Those that are for other hosts.</returns>
    private async Task<List<QueuedRecipient>> DeliverLocalAsync(Settled settled, CancellationToken cancellationToken)
    {
        var local = new List<QueuedRecipient>();
        var remote = new List<QueuedRecipient>();
        var aliases = new HashSet<long>();
        foreach (var recipient in settled.Open.ToList())
        {
            // What has hosts still to pass goes to the first of them, whoever has the mailbox.
            if (recipient.Recipient.Route.Count > 0)
            {
                remote.Add(recipient);
                continue;
            }

            switch (await directory.JudgeAsync(recipient.Address, cancellationToken))
            {
                case RecipientVerdict.Local:
                    local.Add(recipient);
                    break;
                case RecipientVerdict.Forwards forwards:
                    aliases.Add(recipient.Key);
                    switch (await forwarding.ForwardAsync(settled.Message, recipient, forwards, cancellationToken))
                    {
                        case null:
                            local.Add(recipient);
                            break;
                        case { IsCommitted: true } forwarded:
                            settled.AddCommitted([new RecipientResult(recipient, forwarded.Outcome)]);
                            settled.Failed = true;
                            break;
                        case var refused:
                            settled.Add(recipient, refused.Outcome);
                            break;
                    }

                    break;
                case RecipientVerdict.Moved moved:
                    settled.Add(recipient, RecipientOutcome.Failed(StatusCodes.MailboxMoved, $"The address has moved; please try <{moved.NewAddress}>."));
                    break;
                case RecipientVerdict.NotLocal when suppressions.Find(recipient.Address) is { } dead:
                    settled.Add(recipient, RecipientOutcome.Failed(dead.Status, dead.Reason));
                    break;
                case RecipientVerdict.NotLocal:
                    remote.Add(recipient);
                    break;
                case RecipientVerdict.NoSuchMailbox:
                    settled.Add(recipient, RecipientOutcome.Failed(StatusCodes.NoSuchMailbox, "There is no such mailbox here."));
                    break;
                case RecipientVerdict.Unavailable(var status, var reason):
                    settled.Add(recipient, new RecipientOutcome(status.IsPermanent ? OutcomeKind.Failed : OutcomeKind.Deferred, status, reason));
                    break;
            }
        }

        if (local.Count > 0)
        {
            var message = settled.Message;
            var delivery = new LocalDelivery(message.Delivery, message.Journey, message.ReversePath, [.. local.Select(recipient => recipient.Address)], message.Content) { Into = message.Into };
            var outcomes = await localDelivery.DeliverAsync(delivery, cancellationToken);
            for (var i = 0; i < local.Count; i++)
                settled.Add(local[i], OutcomeOf(outcomes[i], isForwarded: aliases.Contains(local[i].Key)));
        }

        return remote;
    }

    private static RecipientOutcome OutcomeOf(LocalDeliveryOutcome outcome, bool isForwarded) => outcome switch
    {
        LocalDeliveryOutcome.Stored stored => RecipientOutcome.InMailbox(stored.Expanded || isForwarded),
        LocalDeliveryOutcome.Deferred(var status, var reason) => RecipientOutcome.Deferred(status, reason),
        LocalDeliveryOutcome.Refused(var status, var reason) => RecipientOutcome.Failed(status, reason),
        _ => throw new InvalidOperationException($"No such outcome: {outcome}"),
    };

    private async Task RelayAsync(Settled settled, string destination, List<QueuedRecipient> recipients, TurnedSession? turned, CancellationToken cancellationToken)
    {
        if (!options.RelayEnabled)
        {
            settled.Add(recipients, RecipientOutcome.Deferred(StatusCodes.SystemNotAccepting, "Mail for other hosts is switched off here."));
            return;
        }

        if (turned is not null)
        {
            journey.Routed(settled.Message, recipients, turned.Route);
            await SendAsync(settled, recipients, turned.DeliverAsync, cancellationToken);
            return;
        }

        if (!held.MayTryMx(destination, settled.Message))
        {
            settled.AddUntried(
                recipients, RecipientOutcome.Deferred(StatusCodes.TransactionTimeOut, $"It waits here for the host of {recipients[0].Address.Domain.Unicode} to ask for it."), DateTimeOffset.MaxValue);
            return;
        }

        foreach (var (choice, those) in Parted(settled.Message, recipients))
            await RelayAsync(settled, destination, those, choice, cancellationToken);
    }

    /// <summary>The recipients by the way that they go. They are of one destination, so it is one way but for rules about single addresses and orders.</summary>
    private IEnumerable<(RouteChoice Choice, List<QueuedRecipient> Recipients)> Parted(QueuedMessage message, List<QueuedRecipient> recipients)
    {
        if (recipients is [var only])
            return [(routes.Choose(only, message.ReversePath), recipients)];
        return recipients.GroupBy(recipient => routes.Choose(recipient, message.ReversePath), (choice, those) => (choice, those.ToList()));
    }

    private async Task RelayAsync(Settled settled, string destination, List<QueuedRecipient> recipients, RouteChoice choice, CancellationToken cancellationToken)
    {
        var domain = recipients[0].Recipient.Destination;
        switch (await router.FindAsync(choice, domain, cancellationToken))
        {
            case Route.To to:
                journey.Routed(settled.Message, recipients, to);
                await SendToHostsAsync(settled, recipients, choice.LaneFor(domain), to, cancellationToken);
                break;
            case Route.Unknown(var status, var reason):
                settled.Add(recipients, RecipientOutcome.Deferred(status, reason));
                break;
            case Route.None(var status, var reason):
                settled.Add(recipients, RecipientOutcome.Failed(status, reason));
                break;
        }
    }

    private async Task SendToHostsAsync(Settled settled, List<QueuedRecipient> recipients, string lane, Route.To route, CancellationToken cancellationToken)
    {
        Send send = (message, to, delivered, token) => courier.DeliverAsync(message, route, to, delivered, token);
        try
        {
            // Who has been asked to send is not to wait because earlier attempts were in vain.
            await SendAsync(settled, recipients, settled.IsHeld ? send : Guarded(settled, lane, send), cancellationToken);
        }
        catch (BrokenCircuitException e)
        {
            // One that is being tried again longer than it was left alone has no time to name.
            var until = clock.GetUtcNow() + (e.RetryAfter is { } wait && wait > ShortestWait ? wait : ShortestWait);
            var outcome = RecipientOutcome.Deferred(StatusCodes.NoAnswerFromHost, $"None of {string.Join(", ", route.Hosts)} has answered lately; it was not tried now.");
            // What has another way to go after so many failures gets there as if the host had been asked again.
            var counted = recipients.Where(recipient => routes.HasFallback(recipient, settled.Message.ReversePath)).ToList();
            settled.Add(counted, outcome);
            settled.AddUntried([.. recipients.Except(counted)], outcome, until);
            if (lanes.MayDie(lane))
                settled.Died(lane, until);
        }
    }

    private Send Guarded(Settled settled, string lane, Send send) => async (message, recipients, delivered, cancellationToken) =>
    {
        var breaker = breakers.For(lane);
        var report = await breaker.Pipeline.ExecuteAsync(
            static async (call, token) => await call.send(call.message, call.recipients, call.delivered, token), (send, message, recipients, delivered), cancellationToken);
        settled.Heard(lane, isAnswer: !report.Unreachable && report.Sessions.Any(session => session.Results.Count > 0));
        if (report.Unreachable && breaker.DeadUntil is { } until && until > clock.GetUtcNow() && lanes.MayDie(lane))
            settled.Died(lane, until);
        return report;
    };

    private async Task SendAsync(Settled settled, List<QueuedRecipient> recipients, Send send, CancellationToken cancellationToken)
    {
        var message = settled.Message;
        var octets = await MessageOctets.ScanAsync(message.Content, cancellationToken);
        var outbound = new OutboundMessage(message.ReversePath, message.Body, message.SmtpUtf8, message.Content, octets) { Requests = message.Requests };
        var report = await send(outbound, recipients, taken => commit.CommitTakenAsync(settled, taken, cancellationToken), cancellationToken);
        settled.Add(Located([.. report.Results.Where(result => !settled.Has(result.Recipient))], report.Sessions));
        settled.Dialogue = [.. settled.Dialogue, .. report.Sessions.SelectMany(session => session.Dialogue)];
        journey.Relayed(message, report.Sessions);
    }

    /// <summary>Says of those that have not got it at which of a host's addresses that was: people who look for the trouble need to know.</summary>
    private static List<RecipientResult> Located(List<RecipientResult> open, IReadOnlyList<SessionReport> sessions)
    {
        var peers = new Dictionary<long, string>();
        foreach (var session in open.Count > 0 ? sessions : [])
        {
            foreach (var result in session.Results)
                peers[result.Recipient.Key] = session.Peer;
        }

        return open.ConvertAll(result => result.Outcome is { Kind: not OutcomeKind.Delivered, RemoteHost: not null } outcome && peers.TryGetValue(result.Recipient.Key, out var peer)
            ? result with { Outcome = outcome with { Reason = $"{outcome.Reason} The host was {peer}." } }
            : result);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{QueueId}: the attempt ended in a fault of our own")]
    private partial void LogBug(Exception error, QueueId queueId);
}
