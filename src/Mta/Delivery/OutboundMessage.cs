using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MimeKit;

namespace MailSuite.Mta.Delivery;

/// <summary>A message on its way to another host: its reverse-path, its octets, and what these ask for.</summary>
/// <param name="SmtpUtf8">Whether it was accepted with SMTPUTF8 (RFC 6531 §3.4).</param>
internal sealed record OutboundMessage(ReversePath ReversePath, BodyType Body, bool SmtpUtf8, IMessageContent Content, MessageOctets Octets)
{
    /// <summary>What the sender asked for the whole message.</summary>
    public MailRequests Requests { get; init; } = MailRequests.None;

    /// <summary>Whether only BDAT with BODY=BINARYMIME can carry it (RFC 3030 §3). A message that came so and consists of lines can go without.</summary>
    public bool IsBinary => Octets.HasBareLineEnd || (Body == BodyType.Binary && Octets.HasNulOrLongLine);

    /// <summary>What it has to be re-coded to for a host; <see langword="null"/> when the host can take it as it is.</summary>
    public EncodingConstraint? ConversionFor(ServerExtensions host) => this switch
    {
        { IsBinary: true } when !host.TakesBinary => host.EightBitMime ? EncodingConstraint.EightBit : EncodingConstraint.SevenBit,
        { IsBinary: false, Octets.HasEightBit: true } when !host.EightBitMime => EncodingConstraint.SevenBit,
        _ => null,
    };

    /// <summary>Whether the next host must know SMTPUTF8. A message that came with it and uses nothing of it can go without.</summary>
    public bool NeedsSmtpUtf8(IEnumerable<EnvelopeAddress> recipients) =>
        (SmtpUtf8 && Octets.HeaderHasEightBit) || ReversePath.Address is { IsAscii: false } || recipients.Any(recipient => !recipient.IsAscii);
}
