namespace MailSuite.Shared.Contracts.Mta;

/// <summary>Which way mail would leave now, for a person; nothing is sent for it.</summary>
/// <param name="First">The way of the first attempt.</param>
/// <param name="Fallback">What takes over; <see langword="null"/> for nothing.</param>
/// <param name="FallbackAfter">After so many failed attempts.</param>
public sealed record RouteTold(WayTold First, WayTold? Fallback, int FallbackAfter);

/// <param name="Outcome">What would become of mail.</param>
/// <param name="Reason">What ruled, or why there is no way: a sentence.</param>
public sealed record WayTold(WayOutcome Outcome, string Reason)
{
    /// <summary>The enhanced status code where there is no way.</summary>
    public string? Status { get; init; }

    /// <summary>The name of the transport; <c>mx</c> for the hosts that the DNS names.</summary>
    public string? Transport { get; init; }

    public RelayProtocol Protocol { get; init; }

    public bool ImplicitTls { get; init; }

    public TlsPolicy Tls { get; init; }

    /// <summary>As whom we would sign in.</summary>
    public string? UserName { get; init; }

    /// <summary>In the order in which they would be tried.</summary>
    public IReadOnlyList<HostTold> Hosts { get; init; } = [];
}

/// <param name="Name">Of the host, or the path of a Unix socket.</param>
/// <param name="Port">0 for a Unix socket.</param>
/// <param name="Addresses">IPv6 first.</param>
/// <param name="Trouble">Why there are none.</param>
public sealed record HostTold(string Name, int Port, IReadOnlyList<string> Addresses, string? Trouble);

public enum WayOutcome
{
    /// <summary>It would be tried at the hosts.</summary>
    Tried,

    /// <summary>It would wait: nobody can tell now.</summary>
    Deferred,

    /// <summary>It would come back to its sender.</summary>
    Bounced,
}
