using MailSuite.Mta.Routing;

namespace MailSuite.Mta.Queue;

/// <summary>Whose concurrency an entry counts against: its domain's, or that of the next hop that takes mail for many.</summary>
/// <remarks>Of what is read from disk only the destination is known here, so that rules about senders count for what has just come in alone.</remarks>
internal sealed class LaneKeys(RouteTable routes, HeldDomains held)
{
    /// <summary>Whether a lane that nobody answers for is left alone. What has another way to go gets there by attempts that count, so each of its messages is tried on.</summary>
    public bool MayDie(string lane) => !routes.HasFallback(lane);

    public LaneKey Of(Ready ready)
    {
        var destination = ready.Entry.Destination;
        // What may be lent to the host that fetches it is lent by its name.
        if (held.Knows(destination))
            return new LaneKey(destination, null);

        var choice = ready.Message is { } message ? routes.Choose(message.Recipients[0], message.ReversePath) : routes.ChooseWaiting(destination);
        return choice.Hosts is { } hosts ? new LaneKey(hosts.Lane, hosts.Transport.MaxConcurrency) : new LaneKey(destination, null);
    }
}
