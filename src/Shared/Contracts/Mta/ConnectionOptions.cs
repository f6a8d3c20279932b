namespace MailSuite.Shared.Contracts.Mta;

/// <summary>How long connections to other hosts are kept for the next message.</summary>
public sealed record ConnectionOptions
{
    /// <summary>
    /// How long a connection waits for the next message to the same host; 0 for not at all. Default 2 s, as Postfix's connection cache
    /// (smtp_connection_cache_time_limit): under load the next message is there at once, and without it nobody's resources are held.
    /// </summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How old a connection gets: after that no message is begun on it, so that changes of the DNS are followed. Default 5 min, as Postfix
    /// (smtp_connection_reuse_time_limit).
    /// </summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Messages over one connection. Default 100, which most large receivers let through; a host that says MAILMAX has less if it wants (RFC 9422).</summary>
    public int MaxMessages { get; init; } = 100;

    /// <summary>Idle connections over all hosts. Default 200.</summary>
    public int MaxIdle { get; init; } = 200;

    /// <summary>Idle connections to one host. Default 20.</summary>
    public int MaxIdlePerHost { get; init; } = 20;
}
