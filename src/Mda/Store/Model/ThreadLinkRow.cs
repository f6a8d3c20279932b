namespace MailSuite.Mda.Store.Model;

/// <summary>Says to which conversation of an account a message-id or a subject belongs.</summary>
internal sealed class ThreadLinkRow
{
    public long AccountId { get; init; }

    /// <summary>A hash of 64 bits.</summary>
    public long Key { get; init; }

    public long ThreadId { get; init; }
}
