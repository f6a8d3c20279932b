using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Envelope;

/// <summary>A recipient as RCPT named it, with what its parameters asked. It travels with the message to the next host or to the mailbox.</summary>
internal sealed record EnvelopeRecipient(EnvelopeAddress Address)
{
    /// <summary>Of what its sender wants to hear (RFC 3461 §4.1).</summary>
    public Notify Notify { get; init; }

    /// <summary>Whom the sender had named before somebody forwarded the message (RFC 3461 §4.2); <see langword="null"/> when nobody said.</summary>
    public OriginalRecipient? OriginalRecipient { get; init; }

    /// <summary>The hosts of an RFC 821 source route that the message has still to pass, in order; empty for none.</summary>
    public IReadOnlyList<Domain> Route { get; init; } = [];

    /// <summary>The domain that it goes to next: the first host of its route, or its own.</summary>
    public Domain Destination => Route is [var first, ..] ? first : Address.Domain;

    /// <summary>The path as RCPT names it to the next host, its route included (RFC 821 §3.6).</summary>
    public ForwardPath Path => ForwardPath.Of(Address, Route);

    /// <summary>An address alone is a recipient of which nothing was asked.</summary>
    public static implicit operator EnvelopeRecipient(EnvelopeAddress address) => new(address);

    public bool Equals(EnvelopeRecipient? other) =>
        other is not null && Address.Equals(other.Address) && Notify == other.Notify && OriginalRecipient == other.OriginalRecipient && Route.SequenceEqual(other.Route);

    public override int GetHashCode() => HashCode.Combine(Address, Notify, OriginalRecipient);
}
