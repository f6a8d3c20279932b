using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Routing;

/// <summary>Which way a recipient's mail leaves, by the settings and a person's orders alone: no DNS, no waiting, always the same answer.</summary>
/// <remarks>An order comes first, then the first rule of <c>Relay:Routes</c> that fits, then <c>Relay:Smarthost</c>, then the DNS.</remarks>
internal sealed class RouteTable
{
    private readonly Dictionary<string, NamedHosts> _transports = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Rule> _rules = [];
    private readonly RouteChoice _otherwise = RouteChoice.Direct;
    private readonly int _port;

    public RouteTable(RelayOptions options)
    {
        var routing = options.Routing;
        _port = options.Port;
        foreach (var transport in routing.Transports.Values)
            _transports.Add(transport.Name, NamedHosts.Of(transport));
        if (routing.Smarthost is { } smarthost)
        {
            var hosts = NamedHosts.Of(smarthost);
            _transports.Add(smarthost.Name, hosts);
            _otherwise = new RouteChoice(hosts, "Relay:Smarthost takes it");
        }

        for (var i = 0; i < routing.Routes.Count; i++)
        {
            var route = routing.Routes[i];
            var choice = new RouteChoice(route.Via is { } name ? _transports[name] : null, $"Relay:Routes[{i}] sends it by {route.Via ?? Transport.MxName}");
            _rules.Add(new Rule(new AddressMatch(route.To), new AddressMatch(route.From), choice));
        }
    }

    /// <summary>The way of a recipient.</summary>
    public RouteChoice Choose(QueuedRecipient recipient, ReversePath sender) =>
        recipient.NextHop is { } order ? Ordered(order) : Choose(recipient.Recipient, sender);

    public RouteChoice Choose(EnvelopeRecipient recipient, ReversePath sender) =>
        // A rule for an address says nothing about the hosts that the address wants to pass on its way.
        Choose(recipient.Destination, recipient.Route.Count == 0 ? recipient.Address : null, sender);

    /// <summary>The way of what waits for a destination, as the queue names it; rules for whole recipient addresses and for senders left out: before its recipients are read.</summary>
    public RouteChoice ChooseWaiting(string destination) =>
        RecipientDestination.IsRerouted(destination) ? Ordered(RecipientDestination.Shown(destination))
        : _rules.Count > 0 && Domain.TryParse(destination, out var domain) ? Choose(domain, null, ReversePath.Null)
        : _otherwise;

    private RouteChoice Choose(Domain destination, EnvelopeAddress? address, ReversePath sender)
    {
        foreach (var rule in _rules)
        {
            if (rule.To.Has(destination, address) && rule.From.Has(sender))
                return rule.Choice;
        }

        return _otherwise;
    }

    private RouteChoice Ordered(string order)
    {
        const string Rule = "It was rerouted";
        if (order.Equals(Transport.MxName, StringComparison.OrdinalIgnoreCase))
            return new RouteChoice(null, $"{Rule} to the hosts of its domain");
        if (_transports.TryGetValue(order, out var hosts))
            return new RouteChoice(hosts, $"{Rule} to {hosts.Transport.Name}");
        return NextHop.TryParse(order, out var hop)
            ? new RouteChoice(NamedHosts.Of(hop, _port), $"{Rule} to {hop}")
            : new RouteChoice(null, Rule) { Route = new Route.Unknown(StatusCodes.UnableToRouteForNow, $"{Rule} to {order}, which is neither a host nor a transport of the settings.") };
    }

    private sealed record Rule(AddressMatch To, AddressMatch From, RouteChoice Choice);
}
