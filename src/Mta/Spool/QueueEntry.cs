namespace MailSuite.Mta.Spool;

/// <summary>What is tried at once: the recipients of one message at one domain.</summary>
/// <param name="MessageKey">The message's row.</param>
/// <param name="Destination">The domain in A-labels, or an address literal.</param>
internal readonly record struct QueueEntry(long MessageKey, string Destination)
{
    /// <summary>-9 to 9; the higher leaves first (RFC 6710 §5.1). All entries of a message have the same.</summary>
    public int Priority { get; init; }

    /// <summary>The message's <see cref="SenderKey"/>.</summary>
    public long Sender { get; init; }

    /// <summary>The two parameters name it; the rest is the message's.</summary>
    public bool Equals(QueueEntry other) => MessageKey == other.MessageKey && string.Equals(Destination, other.Destination, StringComparison.Ordinal);

    public override int GetHashCode() => HashCode.Combine(MessageKey, Destination);
}
