using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Routing;

/// <summary>Finds the next hosts for a destination (RFC 5321 §5.1).</summary>
internal sealed class Router(MtaOptions options, IDnsResolver dns)
{
    /// <summary>MX records looked at; a domain with more is trying something.</summary>
    private const int MaxExchanges = 50;

    private readonly Transport _direct = new(Transport.MxName, options.Relay.Port);

    /// <summary>Finds the hosts of a choice. Those that the settings name are never the reason for a bounce: it is we who would be wrong.</summary>
    public async ValueTask<Route> FindAsync(RouteChoice choice, Domain destination, CancellationToken cancellationToken)
    {
        if (choice.Route is { } known)
            return known;
        if (choice.Hosts is { } named)
            return await FindMxAsync(choice, named, cancellationToken);

        var route = await FindAsync(destination, cancellationToken);
        return choice.Rule is { } rule && route is Route.To to ? to with { Reason = $"{rule}: {to.Reason}" } : route;
    }

    /// <summary>Finds the next hosts for a destination by the DNS.</summary>
    public async ValueTask<Route> FindAsync(Domain destination, CancellationToken cancellationToken)
    {
        if (destination.IsAddressLiteral)
            return new Route.To([new MxHost(destination.Ascii, destination.Address)], "The address itself names the host.", _direct);

        return await dns.MxAsync(destination.Ascii, cancellationToken) switch
        {
            DnsAnswer<MxRecord>.Found found => FromMx(destination, found.Records),
            DnsAnswer<MxRecord>.NoRecords => await FromAddressAsync(destination, cancellationToken),
            DnsAnswer<MxRecord>.NoSuchName => new Route.None(StatusCodes.NoSuchDomain, $"There is no domain {destination.Unicode}."),
            DnsAnswer<MxRecord>.Unknown unknown => new Route.Unknown(StatusCodes.DirectoryServerFailure, unknown.Reason),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
    }

    private async ValueTask<Route> FindMxAsync(RouteChoice choice, NamedHosts named, CancellationToken cancellationToken)
    {
        var hosts = new List<MxHost>();
        var reasons = new List<string>();
        foreach (var host in named.Hosts)
        {
            switch (host.Address is null ? await FindAsync(Domain.Parse(host.Name), cancellationToken) : new Route.To([host], "", named.Transport))
            {
                case Route.To to:
                    hosts.AddRange(to.Hosts.Select(exchange => exchange with { Port = host.Port }));
                    reasons.Add(to.Reason.Length == 0 ? $"{host}" : $"{host}, {to.Reason}");
                    break;
                case Route.Unknown(_, var reason):
                    reasons.Add(reason);
                    break;
                case Route.None(_, var reason):
                    reasons.Add(reason);
                    break;
            }
        }

        var told = $"{choice.Rule}: {string.Join("; ", reasons)}";
        return hosts.Count > 0 ? new Route.To(hosts, told, named.Transport) : new Route.Unknown(StatusCodes.UnableToRouteForNow, told);
    }

    private Route FromMx(Domain destination, IReadOnlyList<MxRecord> records)
    {
        if (records is [{ Exchange: "" }])
            return new Route.None(StatusCodes.NullMx, $"The domain {destination.Unicode} declares that it takes no mail (null MX, RFC 7505).");

        var named = records.OrderBy(record => record.Preference).Take(MaxExchanges)
            .Select(record => (record.Preference, Host: Domain.TryParse(record.Exchange, out var host) && !host.IsAddressLiteral && !System.Net.IPAddress.TryParse(record.Exchange, out _) ? host : null))
            .Where(exchange => exchange.Host is not null)
            .ToList();
        if (named.Count == 0)
            return new Route.None(StatusCodes.UnableToRoute, $"The MX records of {destination.Unicode} name no host: {string.Join(", ", records.Take(MaxExchanges).Select(record => record.Exchange))}.");

        // Our own name among them: whoever is not better than we are would only send the mail back (RFC 5321 §5.1).
        var own = named.Where(exchange => exchange.Host!.Equals(options.HostName)).Select(exchange => (int?)exchange.Preference).Min();
        var usable = own is null ? named : named.Where(exchange => exchange.Preference < own).ToList();
        if (usable.Count == 0)
            return new Route.None(StatusCodes.RoutingLoop, $"The best MX of {destination.Unicode} is this host, which does not have the domain.");

        var shuffled = usable.ToArray();
        Random.Shared.Shuffle(shuffled);
        var ordered = shuffled.OrderBy(exchange => exchange.Preference).DistinctBy(exchange => exchange.Host).ToList();
        return new Route.To(
            [.. ordered.Select(exchange => new MxHost(exchange.Host!.Ascii, null))],
            "MX " + string.Join(", ", ordered.Select(exchange => $"{exchange.Preference} {exchange.Host!.Ascii}"))
                + (own is null ? "" : "; this host is an MX too, those behind it are left out"),
            _direct);
    }

    /// <summary>A domain without MX takes mail at its own address, as if it had an MX of preference 0 that names itself.</summary>
    private async ValueTask<Route> FromAddressAsync(Domain destination, CancellationToken cancellationToken)
    {
        if (destination.Equals(options.HostName))
            return new Route.None(StatusCodes.RoutingLoop, $"The host for {destination.Unicode} is this one, which does not have the domain.");

        return await dns.AddressesAsync(destination.Ascii, cancellationToken) switch
        {
            DnsAnswer<System.Net.IPAddress>.Found => new Route.To([new MxHost(destination.Ascii, null)], "The domain has no MX, so its own address takes the mail.", _direct),
            DnsAnswer<System.Net.IPAddress>.Unknown unknown => new Route.Unknown(StatusCodes.DirectoryServerFailure, unknown.Reason),
            DnsAnswer<System.Net.IPAddress>.NoSuchName => new Route.None(StatusCodes.NoSuchDomain, $"There is no domain {destination.Unicode}."),
            _ => new Route.None(StatusCodes.UnableToRoute, $"The domain {destination.Unicode} has neither an MX nor an address."),
        };
    }
}
