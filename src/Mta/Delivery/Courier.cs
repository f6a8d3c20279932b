using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.Status;
using Polly;
using Polly.Timeout;

namespace MailSuite.Mta.Delivery;

/// <summary>Takes a message to the hosts of one destination, one after the other, until all recipients have their answer (RFC 5321 §5.1).</summary>
internal sealed class Courier(MtaOptions options, DeliveryLimits limits, IDnsResolver dns, IncomingDirectory room, TimeProvider clock)
{
    private readonly ResiliencePipeline _connecting = new ResiliencePipelineBuilder { TimeProvider = clock }.AddTimeout(options.Relay.ConnectTimeout).Build();

    /// <param name="delivered">
    /// Called as soon as a host has answered 250 to the dot, before anything else is said to it; awaited. It makes the success durable.
    /// </param>
    public async Task<CourierReport> DeliverAsync(
        OutboundMessage message, Route.To route, IReadOnlyList<QueuedRecipient> recipients,
        Func<IReadOnlyList<RecipientResult>, Task> delivered, CancellationToken cancellationToken)
    {
        var attempt = new Attempt(recipients);
        foreach (var host in route.Hosts)
        {
            foreach (var address in await AddressesAsync(attempt, route, host, cancellationToken))
            {
                if (attempt.Waiting.Count == 0 || attempt.Addresses >= limits.MaxAddresses || attempt.Sessions.Count >= limits.MaxSessions)
                    return attempt.Report();

                attempt.Addresses++;
                await VisitAsync(attempt, message, host, new IPEndPoint(address, host.Port ?? route.Transport.Port), delivered, cancellationToken);
            }
        }

        return attempt.Report();
    }

    private async Task<IReadOnlyList<IPAddress>> AddressesAsync(Attempt attempt, Route.To route, MxHost host, CancellationToken cancellationToken)
    {
        if (host.Address is not null)
            return [host.Address];
        if (attempt.Waiting.Count == 0)
            return [];

        switch (await dns.AddressesAsync(host.Name, cancellationToken))
        {
            case DnsAnswer<IPAddress>.Found found:
                return found.Records;
            case DnsAnswer<IPAddress>.Unknown unknown:
                attempt.HostFailed(RecipientOutcome.Deferred(StatusCodes.DirectoryServerFailure, unknown.Reason));
                return [];
            case var _ when route.Transport.Name != Transport.MxName:
                // We have named it, and may be wrong.
                attempt.HostFailed(RecipientOutcome.Deferred(StatusCodes.UnableToRouteForNow, $"The host {host.Name} has no address."));
                return [];
            default:
                attempt.HostFailed(RecipientOutcome.Failed(StatusCodes.UnableToRoute, $"The host {host.Name} has no address."));
                return [];
        }
    }

    private async Task VisitAsync(
        Attempt attempt, OutboundMessage message, MxHost host, IPEndPoint end, Func<IReadOnlyList<RecipientResult>, Task> delivered, CancellationToken cancellationToken)
    {
        var useTls = true;
        while (true)
        {
            var peer = $"{host.Name} [{end.Address}]:{end.Port.ToString(CultureInfo.InvariantCulture)}";
            if (await ConnectAsync(attempt, peer, end, cancellationToken) is not { } transport)
                return;

            await using var session = new ClientSession(transport, host.Name, options, limits, room, clock);
            IReadOnlyList<RecipientResult> results = [];
            var opening = await OpenAsync(attempt, session, host, useTls, cancellationToken);
            if (opening is SessionOpening.Ready)
            {
                (results, _) = await session.DeliverAsync(message, [.. attempt.Waiting], delivered, cancellationToken);
                attempt.Settle(results);
            }

            if (opening is not (null or SessionOpening.TlsFailed))
                await session.QuitAsync();

            attempt.Sessions.Add(new SessionReport(peer, session.Tls, results, session.Transcript.ToList()));
            if (opening is not SessionOpening.TlsFailed)
                return;

            // Clear text is what this host would have got had it not offered TLS that does not work.
            useTls = false;
        }
    }

    private async Task<IMailTransport?> ConnectAsync(Attempt attempt, string peer, IPEndPoint end, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            // A system without IPv6 refuses already here.
            socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await _connecting.ExecuteAsync(
                static async (call, token) => await call.socket.ConnectAsync(call.end, token), (socket, end), cancellationToken);
            return PipeTransport.Over(socket);
        }
        catch (Exception e) when (e is SocketException or TimeoutRejectedException)
        {
            socket?.Dispose();
            var why = e is SocketException ? e.Message : $"no answer within {options.Relay.ConnectTimeout}";
            attempt.HostFailed(RecipientOutcome.Deferred(StatusCodes.NoAnswerFromHost, $"{peer} could not be reached: {why}."));
            return null;
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    private static async Task<SessionOpening?> OpenAsync(Attempt attempt, ClientSession session, MxHost host, bool useTls, CancellationToken cancellationToken)
    {
        SessionOpening opening;
        try
        {
            opening = await session.OpenAsync(useTls, cancellationToken);
        }
        catch (DialogueBrokenException e)
        {
            attempt.HostFailed(RecipientOutcome.Deferred(e.Status, $"{host.Name}: {e.Message}") with { RemoteHost = host.Name });
            return null;
        }

        attempt.Reached = true;
        switch (opening)
        {
            case SessionOpening.Refused(var reply):
                attempt.HostFailed(new RecipientOutcome(
                    reply.IsPermanent ? OutcomeKind.Failed : OutcomeKind.Deferred,
                    reply.IsPermanent || reply.IsTransient ? reply.Status : StatusCodes.ProtocolTemporary,
                    $"{host.Name} does not want to speak with us{(reply.IsPermanent ? "" : " now")}.")
                { RemoteHost = host.Name, RemoteReply = reply.ToString() });
                break;
            case SessionOpening.Loop(var status, var reason):
                attempt.Settle(attempt.Waiting.Select(recipient => new RecipientResult(recipient, RecipientOutcome.Failed(status, reason) with { RemoteHost = host.Name })));
                break;
        }

        return opening;
    }

    /// <summary>How far an attempt is.</summary>
    private sealed class Attempt(IReadOnlyList<QueuedRecipient> recipients)
    {
        private readonly Dictionary<long, RecipientOutcome> _outcomes = [];
        private RecipientOutcome? _hostFailure;

        /// <summary>Recipients whom another host may still help.</summary>
        public List<QueuedRecipient> Waiting { get; } = [.. recipients];

        public List<SessionReport> Sessions { get; } = [];

        public int Addresses { get; set; }

        /// <summary>Whether any host has answered.</summary>
        public bool Reached { get; set; }

        public void Settle(IEnumerable<RecipientResult> results)
        {
            foreach (var (recipient, outcome) in results.ToList())
            {
                _outcomes[recipient.Key] = outcome;
                if (outcome.Kind != OutcomeKind.Deferred)
                    Waiting.Remove(recipient);
            }
        }

        /// <summary>A host could not be used for anybody. What is temporary outweighs what is permanent: doubt never bounces.</summary>
        public void HostFailed(RecipientOutcome outcome)
        {
            if (_hostFailure is null || outcome.Kind == OutcomeKind.Deferred)
                _hostFailure = outcome;
        }

        public CourierReport Report() => new(
            [.. recipients.Select(recipient => new RecipientResult(recipient, _outcomes.GetValueOrDefault(recipient.Key) ?? _hostFailure!))], Sessions, !Reached);
    }
}
