namespace MailSuite.Mda.Store.Model;

/// <summary>An annotation of a mailbox or of the server (RFC 5464).</summary>
internal sealed class MetadataRow
{
    /// <summary>0 for the server.</summary>
    public long MailboxId { get; init; }

    /// <summary>Whose private entry it is; 0 for a shared one.</summary>
    public long AccountId { get; init; }

    public required string Entry { get; init; }

    public required byte[] Value { get; init; }
}
