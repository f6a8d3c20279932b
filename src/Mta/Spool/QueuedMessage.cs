using MailSuite.Mta.Envelope;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Spool;

/// <summary>A message as the spool gives it back, with the recipients that were asked for.</summary>
/// <param name="Key">The message's row.</param>
/// <param name="Delivery">Under which the MDA gets it, the same at each attempt.</param>
/// <param name="Related">The journey that this message reports about; <see langword="null"/> when it is no report of ours.</param>
/// <param name="Content">Valid until the message is done.</param>
internal sealed record QueuedMessage(
    long Key, QueueId Id, JourneyId Journey, JourneyId? Related, DeliveryId Delivery, ReversePath ReversePath, BodyType Body, bool SmtpUtf8,
    DateTimeOffset AcceptedAt, IReadOnlyList<QueuedRecipient> Recipients, IMessageContent Content)
{
    /// <summary>What the sender asked for the whole message.</summary>
    public MailRequests Requests { get; init; } = MailRequests.None;

    /// <summary>The mailbox for local recipients: Inbox, or Junk for what a policy has put in quarantine.</summary>
    public SpecialUse Into { get; init; } = SpecialUse.Inbox;

    /// <summary>Recipients that failed earlier, of which its sender has had a report.</summary>
    public IReadOnlyList<QueuedRecipient> FailedBefore { get; init; } = [];

    /// <summary>Whom a settlement is about.</summary>
    public string AddressOf(Settlement settlement) => Recipients.First(recipient => recipient.Key == settlement.RecipientKey).Address.ToString();

    /// <summary>When its delivery could begin; its lifetime is counted from here.</summary>
    public DateTimeOffset ReleasedAt => Requests.Hold is { } hold && hold.Until > AcceptedAt ? hold.Until : AcceptedAt;
}

/// <param name="Attempts">How often it has been tried.</param>
/// <param name="LastAttemptAt">When it was tried last; <see langword="null"/> before the first attempt.</param>
/// <param name="Last">What the last attempt did; <see langword="null"/> before the first.</param>
internal sealed record QueuedRecipient(long Key, EnvelopeRecipient Recipient, int Attempts, DateTimeOffset? LastAttemptAt, LastOutcome? Last)
{
    public EnvelopeAddress Address => Recipient.Address;

    public RecipientState State { get; init; }

    /// <summary>Where a person has sent it, before all that routing would say: a host with or without a port, or the name of a transport.</summary>
    public string? NextHop { get; init; }

    /// <summary>What its sender has been told already.</summary>
    public DelayWarnings Warned { get; init; }
}

internal sealed record LastOutcome(EnhancedStatusCode Status, string Reason, string? RemoteHost, string? RemoteReply);
