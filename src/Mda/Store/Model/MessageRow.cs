namespace MailSuite.Mda.Store.Model;

/// <summary>A message in one mailbox.</summary>
internal sealed class MessageRow
{
    public long MailboxId { get; init; }

    /// <summary>The mailbox's account, repeated here so that a search over an account walks one index, newest first.</summary>
    public long AccountId { get; init; }

    public long Uid { get; init; }

    /// <summary>No foreign key: it would need an index of its own on every delivery. <see cref="BodyRow.Refs"/> keeps the two together.</summary>
    public long BodyId { get; init; }

    /// <summary>The number of <see cref="Shared.Contracts.Mda.MessageFlags"/>.</summary>
    public int Flags { get; init; }

    /// <summary>The row of <c>keyword_set</c>; 0 for a message without keywords.</summary>
    public int Keywords { get; init; }

    public long ModSeq { get; init; }

    public long InternalDate { get; init; }

    /// <summary>When it came into this mailbox (RFC 8514).</summary>
    public long SaveDate { get; init; }

    /// <summary>The conversation within its account (RFC 8474 §5.3); 0 for a message from before there were any.</summary>
    public long ThreadId { get; init; }

    /// <summary>Those of its body, repeated here so that a mailbox is opened from this table alone.</summary>
    public long Octets { get; init; }

    /// <summary>The journey's 16 octets, big-endian.</summary>
    public byte[]? Journey { get; init; }

    /// <summary>1 once its first reading was told to its journey.</summary>
    public int Fetched { get; init; }
}
