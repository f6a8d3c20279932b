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
    MtaOptions options, SpoolStore spool, IRecipientDirectory directory, ILocalDelivery localDelivery, RouteTable routes, Router router, Courier courier,
    DestinationBreakers breakers, SettlementRules rules, QueuedForwarding forwarding, Reporting reporting, HeldDomains held, Suppressions suppressions, AttemptJourney journey, TimeProvider clock, ILogger<DeliveryAttempt> logger)
{
    /// <summary>Gives a message to a host, or to several in turn.</summary>
    private delegate Task<CourierReport> Send(
        OutboundMessage message, IReadOnlyList<QueuedRecipient> recipients, Func<IReadOnlyList<RecipientResult>, Task> delivered, CancellationToken cancellationToken);

    /// <summary>How long a commit waits after it could not be made, before it is tried again.</summary>
    private static readonly TimeSpan CommitPause = TimeSpan.FromSeconds(5);

    /// <param name="turned">A session in which the host of the destination fetches its mail; <see langword="null"/> to look for the host.</param>
    /// <param name="stopping">The program ends: what is not under way with another host is left for the next start.</param>
    public async Task<AttemptResult> RunAsync(QueueEntry entry, TurnedSession? turned, CancellationToken stopping)
    {
        if (spool.Reader.Load(entry, clock.GetUtcNow()) is not { } message)
            return AttemptResult.Nothing;

        var settled = new Settled(message, held.Holds(entry.Destination));
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
            return AttemptResult.Nothing;
        }
        catch (Exception e)
        {
            LogBug(e, message.Id);
            settled.Add(settled.Open.Select(recipient => new RecipientResult(recipient, RecipientOutcome.Deferred(StatusCodes.SystemTemporary, "This host has a fault of its own."))));
        }

        await CommitAsync(settled, stopping);
        return new AttemptResult(settled.Failed, settled.Dialogue);
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
            await SendAsync(settled, recipients, settled.IsHeld ? send : Guarded(lane, send), cancellationToken);
        }
        catch (BrokenCircuitException e)
        {
            settled.AddUntried(
                recipients, RecipientOutcome.Deferred(StatusCodes.NoAnswerFromHost, $"None of {string.Join(", ", route.Hosts)} has answered lately; it was not tried now."), clock.GetUtcNow() + (e.RetryAfter ?? TimeSpan.Zero));
        }
    }

    private Send Guarded(string lane, Send send) => (message, recipients, delivered, cancellationToken) =>
        breakers.For(lane).ExecuteAsync(async token => await send(message, recipients, delivered, token), cancellationToken).AsTask();

    private async Task SendAsync(Settled settled, List<QueuedRecipient> recipients, Send send, CancellationToken cancellationToken)
    {
        var message = settled.Message;
        var octets = await MessageOctets.ScanAsync(message.Content, cancellationToken);
        var outbound = new OutboundMessage(message.ReversePath, message.Body, message.SmtpUtf8, message.Content, octets) { Requests = message.Requests };
        var report = await send(outbound, recipients, taken => CommitTakenAsync(settled, taken, cancellationToken), cancellationToken);
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

    /// <summary>Makes durable that another host has taken the message, before that host is told anything more.</summary>
    private async Task CommitTakenAsync(Settled settled, IReadOnlyList<RecipientResult> taken, CancellationToken stopping)
    {
        await WriteAsync(settled.Message, [.. taken.Select(result => rules.Settle(settled.Message, result, clock.GetUtcNow()))], stopping);
        settled.AddCommitted(taken);
        foreach (var result in taken)
            LogDelivered(settled.Message.Id, result.Recipient.Address, result.Outcome.RemoteHost, result.Outcome.RemoteReply);
    }

    private async Task CommitAsync(Settled settled, CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var message = settled.Message;
        var ended = settled.Uncommitted.ToList();
        if (ended.Count == 0)
            return;

        var settlements = ended.Select(result => rules.Settle(message, result, now, settled.NotBefore(result.Recipient), settled.IsHeld)).ToList();
        if (!await WriteAsync(message, settlements, stopping))
            return;

        settled.Failed = settlements.Any(settlement => settlement.State == RecipientState.Failed);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "{QueueId}: the attempt ended in a fault of our own")]
    private partial void LogBug(Exception error, QueueId queueId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{QueueId}: the outcome of an attempt cannot be written; it is tried again until it can")]
    private partial void LogNotWritten(Exception error, QueueId queueId);

    /// <summary>The outcomes of one attempt, those that are committed and those that are not.</summary>
    private sealed class Settled(QueuedMessage message, bool isHeld)
    {
        private readonly Dictionary<long, RecipientResult> _results = [];
        private readonly HashSet<long> _committed = [];
        private readonly Dictionary<long, DateTimeOffset> _untried = [];

        public QueuedMessage Message => message;

        /// <summary>Whether it waits here to be asked for.</summary>
        public bool IsHeld => isHeld;

        public bool Failed { get; set; }

        public IReadOnlyList<TranscriptLine> Dialogue { get; set; } = [];

        public IEnumerable<QueuedRecipient> Open => message.Recipients.Where(recipient => !Has(recipient));

        public IEnumerable<RecipientResult> Uncommitted => _results.Values.Where(result => !_committed.Contains(result.Recipient.Key));

        public bool Has(QueuedRecipient recipient) => _results.ContainsKey(recipient.Key);

        public void Add(QueuedRecipient recipient, RecipientOutcome outcome) => _results.Add(recipient.Key, new RecipientResult(recipient, outcome));

        public void Add(IEnumerable<QueuedRecipient> recipients, RecipientOutcome outcome) => Add(recipients.Select(recipient => new RecipientResult(recipient, outcome)));

        /// <summary>Adds recipients for whom nobody was asked: the attempt does not count.</summary>
        public void AddUntried(IReadOnlyList<QueuedRecipient> recipients, RecipientOutcome outcome, DateTimeOffset notBefore)
        {
            Add(recipients, outcome);
            foreach (var recipient in recipients)
                _untried.Add(recipient.Key, notBefore);
        }

        /// <summary>When a recipient may be tried again for whom nobody was asked; <see langword="null"/> for the others.</summary>
        public DateTimeOffset? NotBefore(QueuedRecipient recipient) => _untried.TryGetValue(recipient.Key, out var at) ? at : null;

        public void Add(IEnumerable<RecipientResult> results)
        {
            foreach (var result in results.ToList())
                Add(result.Recipient, result.Outcome);
        }

        public void AddCommitted(IEnumerable<RecipientResult> results)
        {
            foreach (var result in results)
            {
                Add(result.Recipient, result.Outcome);
                _committed.Add(result.Recipient.Key);
            }
        }
    }
}
