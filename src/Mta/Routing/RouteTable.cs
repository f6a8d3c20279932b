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
    private readonly HashSet<string> _leadingOn;
    private readonly Way _otherwise;
    private readonly int _port;

    public RouteTable(RelayOptions options)
    {
        var routing = options.Routing;
        _port = options.Port;
        foreach (var transport in routing.Transports.Values)
            _transports.Add(transport.Name, NamedHosts.Of(transport));
        if (routing.Smarthost is { } smarthost)
            _transports.Add(smarthost.Name, NamedHosts.Of(smarthost));

        _otherwise = routing.Smarthost is { } all
            ? new Way(new RouteChoice(_transports[all.Name], "Relay:Smarthost takes it"), null, 0)
            : new Way(RouteChoice.Direct, Fallback("Relay:Fallback", routing.Fallback, routing.FallbackAfter), routing.FallbackAfter);
        for (var i = 0; i < routing.Routes.Count; i++)
        {
            var (route, key) = (routing.Routes[i], $"Relay:Routes[{i}]");
            var after = route.FallbackAfter ?? routing.FallbackAfter;
            var fallback = Fallback($"{key}:Fallback", route.Fallback, after) ?? (route.Via is null ? Fallback("Relay:Fallback", routing.Fallback, after) : null);
            var choice = new RouteChoice(route.Via is { } name ? _transports[name] : null, $"{key} sends it by {route.Via ?? Transport.MxName}");
            _rules.Add(new Rule(new AddressMatch(route.To), new AddressMatch(route.From), new Way(choice, fallback, after)));
        }

        _leadingOn = [.. _rules.Select(rule => rule.Way).Append(_otherwise).Where(way => way is { Fallback: not null, First.Hosts: not null }).Select(way => way.First.Hosts!.Lane)];
    }

    /// <summary>The way of a recipient, after as many attempts as it has behind it.</summary>
    public RouteChoice Choose(QueuedRecipient recipient, ReversePath sender) =>
        recipient.NextHop is { } order ? Ordered(order) : WayOf(recipient.Recipient, sender).After(recipient.Attempts);

    /// <summary>The way of a recipient at its first attempt, and the one that takes over from it, if any, after how many.</summary>
    public (RouteChoice First, RouteChoice? Fallback, int After) Tell(EnvelopeRecipient recipient, ReversePath sender)
    {
        var way = WayOf(recipient, sender);
        return (way.First, way.Fallback, way.Attempts);
    }

    /// <summary>The way of what waits for a destination, as the queue names it; rules for whole recipient addresses and for senders left out: before its recipients are read.</summary>
    public RouteChoice ChooseWaiting(string destination) =>
        RecipientDestination.IsRerouted(destination) ? Ordered(RecipientDestination.Shown(destination))
        : (_rules.Count > 0 && Domain.TryParse(destination, out var domain) ? WayOf(domain, null, ReversePath.Null) : _otherwise).First;

    /// <summary>Whether mail that waits for a dead host has another way to go after so many attempts.</summary>
    public bool HasFallback(QueuedRecipient recipient, ReversePath sender) =>
        recipient.NextHop is null && WayOf(recipient.Recipient, sender) is { Fallback: not null } way && recipient.Attempts < way.Attempts;

    /// <summary>Whether mail in a lane has another way to go after so many attempts. A rule for single addresses or senders does not count where the DNS names the hosts.</summary>
    public bool HasFallback(string lane) =>
        _leadingOn.Contains(lane) || (Domain.TryParse(lane, out var domain) && WayOf(domain, null, ReversePath.Null) is { Fallback: not null, First.Hosts: null });

    // A rule for an address says nothing about the hosts that the address wants to pass on its way.
    private Way WayOf(EnvelopeRecipient recipient, ReversePath sender) => WayOf(recipient.Destination, recipient.Route.Count == 0 ? recipient.Address : null, sender);

    private Way WayOf(Domain destination, EnvelopeAddress? address, ReversePath sender)
    {
        foreach (var rule in _rules)
        {
            if (rule.To.Has(destination, address) && rule.From.Has(sender))
                return rule.Way;
        }

        return _otherwise;
    }

    private RouteChoice? Fallback(string key, string? name, int after) =>
        name is null ? null : new RouteChoice(_transports[name], $"{key} takes it after {after} failed attempt{(after == 1 ? "" : "s")}");

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

    private sealed record Rule(AddressMatch To, AddressMatch From, Way Way);

    /// <param name="Attempts">That have to fail before the fallback takes over.</param>
    private sealed record Way(RouteChoice First, RouteChoice? Fallback, int Attempts)
    {
        public RouteChoice After(int attempts) => Fallback is not null && attempts >= Attempts ? Fallback : First;
    }
}
