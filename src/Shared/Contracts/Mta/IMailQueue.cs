using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mta;

/// <summary>What waits in the spool, to look at and to try at once. Mta implements it; the Host asks for commands such as <c>mailq</c>.</summary>
public interface IMailQueue
{
    /// <summary>Every message of which a recipient waits or could not be told, the oldest first.</summary>
    IReadOnlyList<QueuedMail> List();

    /// <summary>Makes everything that waits for its next attempt due now.</summary>
    /// <returns>How many recipients.</returns>
    ValueTask<int> TryNowAsync(CancellationToken cancellationToken);
}

/// <param name="Id">The queue id of logs and journeys.</param>
/// <param name="ReversePath">With its angle brackets.</param>
public sealed record QueuedMail(string Id, long Octets, DateTimeOffset AcceptedAt, string ReversePath, IReadOnlyList<QueuedMailRecipient> Recipients);

/// <param name="Address">Without angle brackets.</param>
/// <param name="NextAttemptAt">When it is tried next; <see langword="null"/> when it waits for nothing any more but its report.</param>
/// <param name="Reason">What the last attempt came to; <see langword="null"/> before the first.</param>
public sealed record QueuedMailRecipient(string Address, int Attempts, DateTimeOffset? NextAttemptAt, string? Reason);
