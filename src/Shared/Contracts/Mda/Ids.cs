using System.Globalization;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>An account of the message store.</summary>
public readonly record struct AccountId(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A mailbox: what IMAP SELECTs (RFC 9051 §2.3). Never used again after the mailbox is deleted.</summary>
public readonly record struct MailboxId(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A message in one mailbox, ascending, never used again under the same <see cref="UidValidity"/> (RFC 9051 §2.3.1.1).</summary>
public readonly record struct Uid(uint Value) : IComparable<Uid>
{
    public int CompareTo(Uid other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The generation of a mailbox's UIDs (RFC 9051 §2.3.1.1).</summary>
public readonly record struct UidValidity(uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A modification sequence: grows with every change of a mailbox, 63 bits (RFC 7162 §3.1).</summary>
public readonly record struct ModSeq(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Names one hand-over of one message; repeating the call with the same id stores nothing twice.</summary>
public readonly record struct DeliveryId(Guid Value)
{
    public static DeliveryId New(TimeProvider clock) => new(Guid.CreateVersion7(clock.GetUtcNow()));

    public override string ToString() => Value.ToString("N");
}
