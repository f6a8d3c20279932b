using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Routing;

/// <summary>What the settings, or a person's order, say about the way of a recipient's mail.</summary>
/// <param name="Hosts"><see langword="null"/> for those that the DNS names.</param>
/// <param name="Rule">What said it: the beginning of a sentence; <see langword="null"/> where nothing did.</param>
internal sealed record RouteChoice(NamedHosts? Hosts, string? Rule)
{
    /// <summary>Nothing is said: the hosts that the DNS names.</summary>
    public static readonly RouteChoice Direct = new(null, null);

    /// <summary>The route, where nothing has to be looked up for it; made once, for all mail that goes there.</summary>
    public Route? Route { get; init; } = Hosts is { UseMx: false } ? new Route.To(Hosts.Hosts, $"{Rule}: {string.Join(", ", Hosts.Hosts)}.", Hosts.Transport) : null;

    /// <summary>The key of its next hop: what goes to the same hosts in the same manner has the same.</summary>
    public string LaneFor(Domain destination) => Hosts?.Lane ?? destination.Ascii;
}
