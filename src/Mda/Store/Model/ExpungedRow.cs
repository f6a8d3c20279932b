namespace MailSuite.Mda.Store.Model;

/// <summary>A UID that is no more, and since which ModSeq (RFC 7162 §3.2.10).</summary>
internal sealed class ExpungedRow
{
    public long MailboxId { get; init; }

    public long ModSeq { get; init; }

    public long Uid { get; init; }
}
