using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Delivery;

/// <summary>What one transaction did.</summary>
/// <param name="Results">One for each recipient of the transaction.</param>
/// <param name="Surplus">Recipients refused only because there were too many; another transaction may take them (RFC 5321 §4.5.3.1.10).</param>
/// <param name="SessionUsable">Whether the session is still in order.</param>
/// <param name="IsFruitless">Whether it ended before the host was given any content: by a refused MAIL, 421, or a connection that was gone.</param>
internal sealed record TransactionResult(IReadOnlyList<RecipientResult> Results, IReadOnlyList<QueuedRecipient> Surplus, bool SessionUsable, bool IsFruitless)
{
    /// <summary>Whether the host took MAIL and nothing has ended what it began: RSET must come before the next (RFC 5321 §4.1.4).</summary>
    public bool IsOpen { get; init; }
}

internal sealed record RecipientResult(QueuedRecipient Recipient, RecipientOutcome Outcome);
