using MailSuite.Mta.Envelope;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Spool;

/// <summary>Accepted messages that could not be handed on at once, and the state of each of their recipients.</summary>
internal interface ISpool
{
    /// <summary>Takes a message. When the task is done it is on disk, synced, and will be delivered or returned (RFC 5321 §6.1).</summary>
    /// <exception cref="SpoolUnavailableException">It cannot be stored now, and nothing of it was; the client hears 451 or 452.</exception>
    ValueTask AcceptAsync(SpooledMessage message, CancellationToken cancellationToken);

    /// <summary>As <see cref="AcceptAsync(SpooledMessage, CancellationToken)"/>, of several: all of them or none.</summary>
    ValueTask AcceptAsync(IReadOnlyList<SpooledMessage> messages, CancellationToken cancellationToken);
}

/// <param name="Content">With our Received field, without Return-Path; the very octets that are sent on.</param>
internal sealed record SpooledMessage(
    QueueId Id, JourneyId Journey, ReversePath ReversePath, IReadOnlyList<SpooledRecipient> Recipients, BodyType Body, bool SmtpUtf8,
    IMessageContent Content, DateTimeOffset AcceptedAt)
{
    /// <summary>Under which the mailboxes have been given it or will be; <see langword="null"/> when they never were, and one is made from the queue id.</summary>
    public DeliveryId? Delivery { get; init; }

    /// <summary>The address of ours whose mail this copy is, on its way to where that address leads; <see langword="null"/> for a message that is no such copy.</summary>
    public EnvelopeAddress? Alias { get; init; }

    /// <summary>What the sender asked for the whole message.</summary>
    public MailRequests Requests { get; init; } = MailRequests.None;

    /// <summary>The mailbox for local recipients: Inbox, or Junk for what a policy has put in quarantine.</summary>
    public SpecialUse Into { get; init; } = SpecialUse.Inbox;
}

/// <param name="Failure">Why this recipient has failed already; its report goes out with the first attempt. <see langword="null"/> for one that has not.</param>
internal sealed record SpooledRecipient(EnvelopeRecipient Recipient, RecipientFailure? Failure)
{
    public EnvelopeAddress Address => Recipient.Address;

    /// <summary>Given when it is in its mailbox already and only the report of that is to be made; <see langword="null"/> for one to try, or failed.</summary>
    public RecipientSuccess? Success { get; init; }
}

/// <param name="Expanded">Whether it is an alias whose accounts all have it.</param>
internal sealed record RecipientSuccess(bool Expanded);

internal sealed record RecipientFailure(EnhancedStatusCode Status, string Reason);

/// <summary>The BODY parameter (RFC 6152, RFC 3030 §3). Kept on disk by its number.</summary>
internal enum BodyType
{
    SevenBit = 0,
    EightBitMime = 1,

    /// <summary>BINARYMIME: no lines, any octets.</summary>
    Binary = 2,
}
