using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Policy;

/// <summary>What source routes mean here (RFC 821 §3.6, RFC 5321 App. C).</summary>
internal sealed class SourceRoutePolicy(IRecipientDirectory directory, MtaOptions options)
{
    /// <summary>The hosts that a recipient's mail has still to pass after us; none where routes are ignored.</summary>
    /// <returns>Those after our own name, by which the sender meant us; all when somebody else stands first.</returns>
    public async ValueTask<IReadOnlyList<Domain>> RestOfAsync(ForwardPath path, CancellationToken cancellationToken)
    {
        if (options.SourceRoutes == SourceRoutes.Ignored)
            return [];

        var own = 0;
        while (own < path.Route.Count && await IsOursAsync(path.Route[own], cancellationToken))
            own++;
        return [.. path.Route.Skip(own)];
    }

    /// <summary>Whether our name was in front of a route, and is to be moved to the reverse-path.</summary>
    public bool IsMoved(ForwardPath path, IReadOnlyList<Domain> rest) => options.SourceRoutes == SourceRoutes.Rfc821 && rest.Count < path.Route.Count;

    /// <summary>The reverse-path of a transaction as it came in.</summary>
    public ReversePath Incoming(ReversePath path) => options.SourceRoutes == SourceRoutes.Ignored ? path.WithoutRoute() : path;

    /// <summary>The reverse-path with which mail goes on that came here by its route: our name is moved there from the forward-path.</summary>
    public ReversePath Outgoing(ReversePath path) => path.Through(options.HostName);

    /// <summary>Our host name, and every domain that we keep mailboxes for.</summary>
    private async ValueTask<bool> IsOursAsync(Domain host, CancellationToken cancellationToken) =>
        host.Equals(options.HostName)
        || (EnvelopeAddress.TryCreate("postmaster", host, out var postmaster) && await directory.JudgeAsync(postmaster, cancellationToken) is not RecipientVerdict.NotLocal);
}
