using MailSuite.Shared.Addressing;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>What is done about one recipient.</summary>
internal abstract record RecipientRuling(EnvelopeAddress Recipient)
{
    /// <summary>Its mailbox is here.</summary>
    internal sealed record Deliver(EnvelopeAddress Recipient) : RecipientRuling(Recipient);

    /// <summary>It is another host's, and the client may send there.</summary>
    internal sealed record Relay(EnvelopeAddress Recipient) : RecipientRuling(Recipient);

    /// <summary>An alias of ours that leads to other hosts; the configuration lets it, whoever the client is.</summary>
    internal sealed record Forward(EnvelopeAddress Recipient, IReadOnlyList<EnvelopeAddress> Elsewhere, bool AlsoHere) : RecipientRuling(Recipient);

    /// <summary>Not now or never, by the class of <paramref name="Status"/>.</summary>
    internal sealed record Refuse(EnvelopeAddress Recipient, EnhancedStatusCode Status, string Reason) : RecipientRuling(Recipient);
}
