using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;

namespace MailSuite.Mta.Delivery;

/// <summary>A message on its way to another host: its reverse-path, its octets, and what these ask for.</summary>
/// <param name="SmtpUtf8">Whether it was accepted with SMTPUTF8 (RFC 6531 §3.4).</param>
internal sealed record OutboundMessage(ReversePath ReversePath, BodyType Body, bool SmtpUtf8, IMessageContent Content, MessageOctets Octets)
{
    /// <summary>What the sender asked for the whole message.</summary>
    public MailRequests Requests { get; init; } = MailRequests.None;

    /// <summary>Whether the next host must know SMTPUTF8. A message that came with it and uses nothing of it can go without.</summary>
    public bool NeedsSmtpUtf8(IEnumerable<EnvelopeAddress> recipients) =>
        (SmtpUtf8 && Octets.HeaderHasEightBit) || ReversePath.Address is { IsAscii: false } || recipients.Any(recipient => !recipient.IsAscii);
}
