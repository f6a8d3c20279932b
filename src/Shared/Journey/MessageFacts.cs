using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Journey;

/// <summary>What identifies a message to a person. A step leaves out what it does not know.</summary>
public sealed record MessageFacts
{
    /// <summary>The msg-id without its angle brackets (RFC 5322 §3.6.4).</summary>
    public string? MessageId { get; init; }

    /// <summary>The Subject field, decoded.</summary>
    public string? Subject { get; init; }

    /// <summary>The id under which the MTA logged the message and named it in its 250.</summary>
    public string? QueueId { get; init; }

    public ReversePath? ReversePath { get; init; }

    public IReadOnlyList<EnvelopeAddress> Recipients { get; init; } = [];

    /// <summary>Size in octets.</summary>
    public long? Octets { get; init; }
}
