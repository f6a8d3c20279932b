using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mta;

/// <summary>A program of somebody's that is told, over HTTP, what became of mail in the queue. The Host has checked every value.</summary>
/// <remarks>Its text has neither its key nor the path of its URL, which is a secret with many receivers.</remarks>
public sealed record WebhookTarget
{
    /// <summary>The shortest and the longest secret, in octets (Standard Webhooks, "Signature scheme").</summary>
    public const int MinSecretOctets = 24;

    /// <inheritdoc cref="MinSecretOctets"/>
    public const int MaxSecretOctets = 64;

    /// <summary>What commands and logs call it.</summary>
    public required string Name { get; init; }

    /// <summary>Where notices are posted to. https, whose certificate is checked; http to this machine only, or in the development profile.</summary>
    public required Uri Url { get; init; }

    /// <summary>The key of the signatures.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>What it is told of. Default everything.</summary>
    public IReadOnlySet<DeliveryEvent> Events { get; init; } = new HashSet<DeliveryEvent>(Enum.GetValues<DeliveryEvent>());

    /// <summary>Only mail whose reverse-path is at one of these domains; empty for all mail, that with a null reverse-path included. Default all.</summary>
    public IReadOnlySet<Domain> SenderDomains { get; init; } = new HashSet<Domain>();

    /// <summary>Only recipients at one of these domains; empty for all. Default all.</summary>
    public IReadOnlySet<Domain> RecipientDomains { get; init; } = new HashSet<Domain>();

    /// <summary>How long one post may take until its answer is there. Default 15 s, as Standard Webhooks advises (15 to 30 s).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a notice is tried before it is given up. Default 3 days.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(3);

    /// <summary>Notices that wait; what comes beyond is lost to this target, counted and logged. Default 100,000, about 60 MB of <c>mta.db</c>.</summary>
    public int MaxBacklog { get; init; } = 100_000;

    /// <summary>The host that is spoken to, without anything that may be secret.</summary>
    public string Place => $"{Url.Scheme}://{Url.Authority}";

    public override string ToString() => $"{Name} at {Place}";
}

/// <summary>What may be told of a recipient of a message in the queue. Kept on disk by its number: a number is never given a new meaning.</summary>
public enum DeliveryEvent
{
    /// <summary>Another host has taken it, or it is in the mailbox after it waited in the queue.</summary>
    Delivered = 0,

    /// <summary>An attempt was in vain; it is tried again.</summary>
    Deferred = 1,

    /// <summary>It was refused for ever.</summary>
    Bounced = 2,

    /// <summary>Its time is over: the lifetime of the queue, or the one that its sender has set.</summary>
    Expired = 3,

    /// <summary>A person has given it up, and its sender is not told.</summary>
    Dropped = 4,
}
