using MailSuite.Shared.Status;

namespace MailSuite.Mta.Routing;

/// <summary>Where mail for a destination goes.</summary>
internal abstract record Route
{
    private Route()
    {
    }

    /// <param name="Hosts">In the order in which to try them; at least one.</param>
    /// <param name="Reason">What ruled, in a sentence.</param>
    /// <param name="Transport">How to speak with them.</param>
    public sealed record To(IReadOnlyList<MxHost> Hosts, string Reason, Transport Transport) : Route;

    /// <summary>Nobody could tell now. <paramref name="Status"/> is 4.x.x.</summary>
    public sealed record Unknown(EnhancedStatusCode Status, string Reason) : Route;

    /// <summary>Nowhere. <paramref name="Status"/> is 5.x.x.</summary>
    public sealed record None(EnhancedStatusCode Status, string Reason) : Route;
}
