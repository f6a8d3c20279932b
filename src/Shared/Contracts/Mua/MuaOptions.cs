namespace MailSuite.Shared.Contracts.Mua;

/// <summary>What the Mua module is told at start. The Host has checked every value.</summary>
public sealed record MuaOptions
{
    /// <summary>Where <c>mua.db</c> lies; an existing directory.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The name of this host, for Message-ID and for journeys.</summary>
    public required string HostName { get; init; }

    /// <summary>Whether the sign-in page says that any password will do, as it does in the development profile.</summary>
    public bool AnyPassword { get; init; }

    /// <summary>Whether cookies are sent over TLS only; off where the webmail is served on loopback in clear.</summary>
    public bool SecureCookies { get; init; }

    /// <summary>How long journeys are kept. Default 30 days.</summary>
    public TimeSpan JourneyRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Events kept at most; the oldest go first. Default 1,000,000 (about 1 GB).</summary>
    public long JourneyMaxEvents { get; init; } = 1_000_000;

    /// <summary>Octets of a message that may be composed, attachments included. Default 50 MiB, as <c>MtaOptions.MaxMessageOctets</c>.</summary>
    public long MaxMessageOctets { get; init; } = 50 * 1024 * 1024;

    /// <summary>The secret that the command line of the same machine shows to the API; at least 32 characters.</summary>
    public required string LocalToken { get; init; }
}
