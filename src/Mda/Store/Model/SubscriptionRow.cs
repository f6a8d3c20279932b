namespace MailSuite.Mda.Store.Model;

/// <summary>A name that an account has subscribed; the mailbox need not exist (RFC 9051 §6.3.7).</summary>
internal sealed class SubscriptionRow
{
    public long AccountId { get; init; }

    public required string Name { get; init; }
}
