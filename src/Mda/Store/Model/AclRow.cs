namespace MailSuite.Mda.Store.Model;

/// <summary>What somebody besides the owner may do with a mailbox (RFC 4314).</summary>
internal sealed class AclRow
{
    public long MailboxId { get; init; }

    public required string Identifier { get; init; }

    public required string Rights { get; init; }
}
