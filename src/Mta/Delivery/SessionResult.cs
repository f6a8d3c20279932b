using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Delivery;

/// <summary>What one session did for one message.</summary>
/// <param name="Results">For each recipient the last word.</param>
/// <param name="Left">Those whom the host would take in another session only; their word is that they wait.</param>
/// <param name="IsUsable">Whether another message can follow.</param>
/// <param name="IsFruitless">Whether the host was given nothing: what it said, if anything, may have been meant for the session and not for the message.</param>
/// <param name="Committing">Ends when what was taken is durable. It has begun when the host had taken it.</param>
internal sealed record SessionResult(IReadOnlyList<RecipientResult> Results, IReadOnlyList<QueuedRecipient> Left, bool IsUsable, bool IsFruitless, Task Committing);
