namespace MailSuite.Mda.Store.Model;

/// <summary>Says that a delivery id put a message into a mailbox, so that repeating it does not.</summary>
internal sealed class DeliveryRow
{
    public long Id { get; init; }

    /// <summary>The delivery id's 16 octets, big-endian.</summary>
    public required byte[] DeliveryId { get; init; }

    public long MailboxId { get; init; }

    public long Uid { get; init; }

    public long At { get; init; }
}
