using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>Final delivery: puts an accepted message into the mailboxes of local recipients. Mda implements it, Mta calls it.</summary>
/// <remarks>
/// <para>When the task is done, every recipient whose outcome is <see cref="LocalDeliveryOutcome.Stored"/> has the message on disk, synced:
/// the caller may answer 250 and forget its copy (RFC 5321 §6.1). All recipients of one call are stored in one transaction; the octets
/// are written once however many share them.</para>
/// <para>Safe to repeat after a crash: the same <see cref="LocalDelivery.Id"/> stores one message a mailbox for seven days at least. A
/// recipient that has it hears Stored again; what was deferred or refused is judged anew and may be stored now. What is wrong with the
/// mail is an outcome. An exception means cancellation before anything was stored, or a bug, and then nothing is
/// promised: repeat with the same id.</para>
/// </remarks>
public interface ILocalDelivery
{
    /// <returns>One outcome a recipient, in the order of <see cref="LocalDelivery.Recipients"/>.</returns>
    ValueTask<IReadOnlyList<LocalDeliveryOutcome>> DeliverAsync(LocalDelivery delivery, CancellationToken cancellationToken);
}

/// <param name="Recipients">As in RCPT: aliases and plus-addresses are resolved here, and a mailbox reached twice gets one copy.</param>
/// <param name="Content">With its Received field. The MDA puts Return-Path in front (RFC 5321 §4.4).</param>
public sealed record LocalDelivery(DeliveryId Id, JourneyId Journey, ReversePath ReversePath, IReadOnlyList<EnvelopeAddress> Recipients, IMessageContent Content)
{
    /// <summary>Which mailbox of each recipient: Inbox, or Junk for mail in quarantine. The same whenever the call is repeated.</summary>
    public SpecialUse Into { get; init; } = SpecialUse.Inbox;
}

public abstract record LocalDeliveryOutcome
{
    private LocalDeliveryOutcome()
    {
    }

    /// <summary>In the mailbox, or, for an alias of several accounts, in each of theirs.</summary>
    public sealed record Stored : LocalDeliveryOutcome
    {
        /// <summary>Whether the recipient is an alias of several accounts: a report calls that expanded and not delivered (RFC 3461 §6.2.7.3).</summary>
        public bool Expanded { get; init; }
    }

    /// <summary>Not now; try again. <paramref name="Status"/> is 4.x.x.</summary>
    public sealed record Deferred(EnhancedStatusCode Status, string Reason) : LocalDeliveryOutcome
    {
        /// <summary>
        /// Whether some mailbox behind the recipient has the message, as of an alias of several accounts one of which is full. Then it must
        /// be this caller that tries again, with the same id: a sender who is told to send again comes with a new id and doubles it there.
        /// </summary>
        public bool SomeHaveIt { get; init; }
    }

    /// <summary>Never. <paramref name="Status"/> is 5.x.x.</summary>
    public sealed record Refused(EnhancedStatusCode Status, string Reason) : LocalDeliveryOutcome;
}
