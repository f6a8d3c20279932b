using System.Net;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Routing;

/// <summary>Tells a person which way mail would go, by the very table and router that send it.</summary>
internal sealed class RouteTeller(RouteTable routes, Router router, IDnsResolver dns)
{
    public async Task<RouteTold> TellAsync(EnvelopeAddress recipient, ReversePath sender, CancellationToken cancellationToken)
    {
        var (first, fallback, after) = routes.Tell(recipient, sender);
        return new RouteTold(await TellAsync(first, recipient.Domain, cancellationToken), fallback is null ? null : await TellAsync(fallback, recipient.Domain, cancellationToken), after);
    }

    private async Task<WayTold> TellAsync(RouteChoice choice, Domain destination, CancellationToken cancellationToken) => await router.FindAsync(choice, destination, cancellationToken) switch
    {
        Route.To to => await TellAsync(to, cancellationToken),
        Route.Unknown(var status, var reason) => new WayTold(WayOutcome.Deferred, reason) { Status = status.ToString() },
        Route.None(var status, var reason) => new WayTold(WayOutcome.Bounced, reason) { Status = status.ToString() },
        var other => throw new InvalidOperationException($"There is no route {other}."),
    };

    private async Task<WayTold> TellAsync(Route.To to, CancellationToken cancellationToken)
    {
        var hosts = new List<HostTold>();
        foreach (var host in to.Hosts)
            hosts.Add(await TellAsync(host, to.Transport, cancellationToken));
        return new WayTold(WayOutcome.Tried, to.Reason)
        {
            Transport = to.Transport.Name,
            Protocol = to.Transport.Protocol,
            ImplicitTls = to.Transport.ImplicitTls,
            Tls = to.Transport.Tls,
            UserName = to.Transport.Credentials?.UserName,
            Hosts = hosts,
        };
    }

    private async Task<HostTold> TellAsync(MxHost host, Transport transport, CancellationToken cancellationToken)
    {
        if (transport.UnixSocket is { } path)
            return new HostTold(path, 0, [], null);

        var port = host.Port ?? transport.Port;
        if (host.Address is { } address)
            return new HostTold(host.Name, port, [address.ToString()], null);
        return await dns.AddressesAsync(host.Name, cancellationToken) switch
        {
            DnsAnswer<IPAddress>.Found found => new HostTold(host.Name, port, [.. found.Records.Select(record => record.ToString())], null),
            DnsAnswer<IPAddress>.Unknown unknown => new HostTold(host.Name, port, [], unknown.Reason),
            _ => new HostTold(host.Name, port, [], "It has no address."),
        };
    }
}
