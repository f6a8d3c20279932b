using System.Net;
using MailSuite.Mta.Metrics;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Delivery;

/// <summary>Takes a message to the hosts of one destination, one after the other, until all recipients have their answer (RFC 5321 §5.1).</summary>
internal sealed partial class Courier(
    ClientConditions conditions, IDnsResolver dns, Dialer dialer, SessionPool pool, ITlsRequirements requirements, TlsMemory memory, ILogger<Courier> logger)
{
    private readonly DeliveryLimits _limits = conditions.Limits;

    /// <summary>How a host was made use of.</summary>
    private enum Visit
    {
        /// <summary>There is no more to be had of this address.</summary>
        Over,

        /// <summary>The session came to nothing, and it may be no more than the session that was at fault.</summary>
        Fruitless,

        /// <summary>The host takes more recipients in another session.</summary>
        Again,

        /// <summary>TLS does not work with it, and need not.</summary>
        WithoutTls,
    }

    /// <param name="delivered">
    /// Called as soon as a host has answered 250 to the dot, and awaited before this returns, though the session may go on with another message
    /// meanwhile. It makes the success durable. It is not called again before it has ended.
    /// </param>
    public async Task<CourierReport> DeliverAsync(
        OutboundMessage message, Route.To route, IReadOnlyList<QueuedRecipient> recipients, Func<IReadOnlyList<RecipientResult>, Task> delivered, CancellationToken cancellationToken)
    {
        var errand = new Errand(new CourierAttempt(recipients), message, delivered, cancellationToken);
        foreach (var mx in route.Hosts)
        {
            if (IsDone(errand.Attempt))
                break;

            var tls = await requirements.ForAsync(message, recipients[0].Recipient.Destination, mx, route.Transport, cancellationToken);
            await VisitAsync(errand, new NextHost(mx.Name, mx.Address, mx.Port ?? route.Transport.Port, route.Transport, tls));
        }

        return errand.Attempt.Report();
    }

    private bool IsDone(CourierAttempt attempt) => attempt.Waiting.Count == 0 || attempt.Addresses >= _limits.MaxAddresses || attempt.Visits >= _limits.MaxSessions;

    private async Task VisitAsync(Errand errand, NextHost host)
    {
        var attempt = errand.Attempt;
        EndPoint? served = null;
        if (pool.TryTake(host, attempt.Waiting) is { } kept)
        {
            MtaMeter.Reused();
            kept.TurnPage();
            // Whatever was wrong with a kept session, a new one has it or has it not: nobody waits because of it.
            if (await DeliverAsync(errand, kept, isKept: true) == Visit.Over)
                served = kept.Connection?.End;
        }

        if (IsDone(attempt))
            return;

        var ends = (await EndPointsAsync(errand, host)).Where(end => !end.Equals(served)).ToList();
        while (ends.Count > 0 && !IsDone(attempt))
        {
            if (await ConnectAsync(errand, host, ends, isFurther: false) is not { } session)
                return;

            var end = session.Connection!.End;
            var visit = await OpenAsync(errand, session, useTls: true);
            var useTls = true;
            for (var further = 0; visit is Visit.Again or Visit.WithoutTls && further < _limits.MaxFurtherSessions; further++)
            {
                useTls = useTls && visit != Visit.WithoutTls;
                visit = await ConnectAsync(errand, host, [end], isFurther: true) is { } another ? await OpenAsync(errand, another, useTls) : Visit.Over;
            }
        }
    }

    private async Task<IReadOnlyList<EndPoint>> EndPointsAsync(Errand errand, NextHost host)
    {
        if (host.Transport.UnixSocket is { } path)
            return [new System.Net.Sockets.UnixDomainSocketEndPoint(path)];
        if (host.Address is not null)
            return [new IPEndPoint(host.Address, host.Port)];

        switch (await dns.AddressesAsync(host.Name, errand.CancellationToken))
        {
            case DnsAnswer<IPAddress>.Found found:
                return [.. AddressRace.Interleave(found.Records).Select(address => new IPEndPoint(address, host.Port))];
            case DnsAnswer<IPAddress>.Unknown unknown:
                errand.Attempt.HostFailed(RecipientOutcome.Deferred(StatusCodes.DirectoryServerFailure, unknown.Reason));
                return [];
            case var _ when host.Transport.Name != Transport.MxName:
                // We have named it, and may be wrong.
                errand.Attempt.HostFailed(RecipientOutcome.Deferred(StatusCodes.UnableToRouteForNow, $"The host {host.Name} has no address."));
                return [];
            default:
                errand.Attempt.HostFailed(RecipientOutcome.Failed(StatusCodes.UnableToRoute, $"The host {host.Name} has no address."));
                return [];
        }
    }

    /// <summary>Connects to the first of these that answers, and takes away those that were tried.</summary>
    /// <param name="isFurther">Whether the address has been counted before.</param>
    private async Task<ClientSession?> ConnectAsync(Errand errand, NextHost host, List<EndPoint> ends, bool isFurther)
    {
        var attempt = errand.Attempt;
        var candidates = ends.Take(Math.Max(1, _limits.MaxAddresses - attempt.Addresses)).ToList();
        var (made, failures, started) = await dialer.ConnectAsync(host.Transport, candidates, errand.CancellationToken);
        ends.RemoveRange(0, started);
        if (!isFurther)
            attempt.Addresses += started;
        foreach (var failure in failures)
            attempt.HostFailed(RecipientOutcome.Deferred(StatusCodes.NoAnswerFromHost, $"{host.At(failure.End)} could not be reached: {failure.Why}."));
        return made is null ? null : new ClientSession(made.Transport, host, conditions) { Connection = made };
    }

    private async Task<Visit> OpenAsync(Errand errand, ClientSession session, bool useTls)
    {
        var (attempt, host) = (errand.Attempt, session.Host);
        SessionOpening opening;
        try
        {
            opening = await session.OpenAsync(useTls && host.Tls != TlsPolicy.None, errand.CancellationToken);
        }
        catch (DialogueBrokenException e)
        {
            attempt.HostFailed(RecipientOutcome.Deferred(e.Status, $"{host.Name}: {e.Message}") with { RemoteHost = host.Name });
            attempt.Visits++;
            attempt.Tell(session, session.Peer, []);
            await session.DisposeAsync();
            return Visit.Over;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        attempt.Reached = true;
        switch (opening)
        {
            case SessionOpening.Ready:
                MtaMeter.ClientSessionBegan(session.Tls is not null, session.Tls is { PeerVerified: true });
                if (Downgrade(session) is not { } downgraded)
                    return await DeliverAsync(errand, session, isKept: false);
                attempt.HostFailed(downgraded);
                break;
            case SessionOpening.Refused(var reply):
                attempt.HostFailed(new RecipientOutcome(
                    reply.IsPermanent ? OutcomeKind.Failed : OutcomeKind.Deferred,
                    reply.IsPermanent || reply.IsTransient ? reply.Status : StatusCodes.ProtocolTemporary,
                    $"{host.Name} does not want to speak with us{(reply.IsPermanent ? "" : " now")}.")
                { RemoteHost = host.Name, RemoteReply = reply.ToString() });
                break;
            case SessionOpening.Lacking(var status, var reason, var reply):
                attempt.HostFailed(RecipientOutcome.Deferred(status, reason) with { RemoteHost = host.Name, RemoteReply = reply?.ToString() });
                break;
            case SessionOpening.Loop(_, var reason) when host.Transport.Name != Transport.MxName:
                // We have named it, and may be wrong.
                attempt.HostFailed(RecipientOutcome.Deferred(StatusCodes.UnableToRouteForNow, $"{reason} The transport {host.Transport.Name} leads back here.") with { RemoteHost = host.Name });
                break;
            case SessionOpening.Loop(var status, var reason):
                attempt.SettleWaiting(RecipientOutcome.Failed(status, reason) with { RemoteHost = host.Name });
                break;
        }

        attempt.Tell(session, session.Peer, []);
        if (opening is SessionOpening.TlsFailed)
        {
            await session.DisposeAsync();
            return Visit.WithoutTls;
        }

        attempt.Visits++;
        pool.Leave(session);
        return Visit.Over;
    }

    private async Task<Visit> DeliverAsync(Errand errand, ClientSession session, bool isKept)
    {
        var attempt = errand.Attempt;
        SessionResult result;
        try
        {
            result = await session.DeliverAsync(errand.Message, [.. attempt.Waiting], errand.Delivered, errand.CancellationToken);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        if (isKept && result.IsFruitless)
        {
            pool.Leave(session);
            return Visit.Fruitless;
        }

        attempt.Reached = true;
        attempt.Tell(session, session.Peer, result.Results);
        if (result.IsUsable)
            pool.Return(session);
        else
            pool.Leave(session);

        attempt.Settle(result.Results);
        // The attempt is not over before its success is on disk; the host and its connection need not wait for that.
        await result.Committing;
        if (result is { IsUsable: true, Left: { Count: > 0 } left } && left.Count < result.Results.Count)
            return Visit.Again;

        attempt.Visits++;
        return Visit.Over;
    }

    /// <summary>Notes what TLS the host gives, and sees whether it is less than it was.</summary>
    /// <returns>What is wrong, when mail is to wait because of it.</returns>
    private RecipientOutcome? Downgrade(ClientSession session)
    {
        var host = session.Host;
        var level = session.Tls is { } tls ? tls.PeerVerified ? TlsLevel.Verified : TlsLevel.Encrypted : TlsLevel.None;
        if (host.Transport.UnixSocket is not null || host.Tls == TlsPolicy.None || memory.Note(host.Name, level) is not { } before)
            return null;

        var what = $"{host.Name} has given TLS {(before.Level == TlsLevel.Verified ? "with a certificate that could be verified" : "")}until {before.SeenAt:yyyy-MM-dd HH:mm} UTC; now the connection is {session.Security}";
        LogDowngrade(host.Name, session.Peer, what);
        session.Transcript.Note(fromClient: true, "warning: " + what);
        return conditions.Options.Relay.TlsDowngrade == TlsDowngrade.Defer
            ? RecipientOutcome.Deferred(StatusCodes.SecurityFeatureMissingForNow, $"{what}. The mail waits.") with { RemoteHost = host.Name }
            : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "TLS of {Host}, {Peer}, is less than it was: {What}")]
    private partial void LogDowngrade(string host, string peer, string what);

    /// <summary>What goes to the hosts of one destination.</summary>
    private sealed record Errand(CourierAttempt Attempt, OutboundMessage Message, Func<IReadOnlyList<RecipientResult>, Task> Delivered, CancellationToken CancellationToken);
}
