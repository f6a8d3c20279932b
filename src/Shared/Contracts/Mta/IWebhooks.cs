namespace MailSuite.Shared.Contracts.Mta;

/// <summary>The webhooks as a person looks at them. Mta implements it; the API asks for <c>mailsuite webhooks</c>.</summary>
public interface IWebhooks
{
    /// <summary>Every target of the settings, in their order.</summary>
    IReadOnlyList<WebhookState> List();

    /// <summary>Posts a sample of event <c>test</c> at once, whatever waits, and signed as all notices are.</summary>
    /// <returns><see langword="null"/> when there is no target of that name.</returns>
    Task<WebhookAnswer?> TryAsync(string name, CancellationToken cancellationToken);
}

/// <param name="Place">Scheme, host and port; the path may be a secret.</param>
/// <param name="Waiting">Notices in <c>mta.db</c> for it.</param>
/// <param name="Posted">Notices that it has taken since the start of the program.</param>
/// <param name="Lost">Notices that were lost since the start: no room, or tried for too long.</param>
/// <param name="LastPostedAt">When it took the last one; <see langword="null"/> for none since the start. As the two below by the clock on the wall.</param>
/// <param name="LastError">What was wrong last, whether or not it has gone well since; <see langword="null"/> for nothing since the start.</param>
/// <param name="PausedUntil">When it is tried again after a failure; <see langword="null"/> when it is not waited for.</param>
/// <param name="IsGone">Whether it has answered 410 Gone: nothing is posted to it until the next start.</param>
public sealed record WebhookState(
    string Name, string Place, IReadOnlyList<DeliveryEvent> Events, int Waiting, long Posted, long Lost,
    DateTimeOffset? LastPostedAt, string? LastError, DateTimeOffset? LastErrorAt, DateTimeOffset? PausedUntil, bool IsGone);

/// <summary>What a target answered to one post.</summary>
/// <param name="Status">The HTTP status; <see langword="null"/> when there was no answer.</param>
/// <param name="Text">What was wrong, or the beginning of the answer's body.</param>
/// <param name="RetryAfter">How long it asked to be left alone.</param>
public sealed record WebhookAnswer(int? Status, string Text, TimeSpan? RetryAfter)
{
    /// <summary>Whether it has taken the notice.</summary>
    public bool IsTaken => Status is >= 200 and < 300;

    public bool IsGone => Status == 410;
}
