namespace MailSuite.Mda.Store.Model;

/// <summary>A mailbox with its counters.</summary>
internal sealed class MailboxRow
{
    public long Id { get; init; }

    public long AccountId { get; init; }

    public required string Name { get; init; }

    /// <summary>The number of <see cref="Shared.Contracts.Mda.SpecialUse"/>.</summary>
    public int SpecialUse { get; init; }

    public long UidValidity { get; init; }

    public long UidNext { get; init; }

    public long HighestModSeq { get; init; }

    public long Messages { get; init; }

    public long Unseen { get; init; }

    public long Octets { get; init; }

    /// <summary>Messages with \Deleted.</summary>
    public long Deleted { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>When its removal began; <see langword="null"/> for a mailbox in use.</summary>
    public long? RemovedAt { get; init; }
}
