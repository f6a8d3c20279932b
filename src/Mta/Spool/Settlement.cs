namespace MailSuite.Mta.Spool;

/// <summary>The new state of one recipient after an attempt.</summary>
/// <param name="RecipientKey">The recipient's row.</param>
/// <param name="NextAttemptAt">When to try again; given exactly when <paramref name="State"/> is <see cref="RecipientState.Waiting"/>.</param>
/// <param name="Tried">Whether the attempt counts: it does not when nobody could be asked.</param>
internal sealed record Settlement(long RecipientKey, RecipientState State, RecipientOutcome Outcome, DateTimeOffset? NextAttemptAt, bool Tried)
{
    /// <summary>Whether nothing is to be sent to the address any more.</summary>
    public bool Suppresses { get; init; }
}
