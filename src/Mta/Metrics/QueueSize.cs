namespace MailSuite.Mta.Metrics;

/// <summary>Recipients in the queue.</summary>
/// <param name="Waiting">Whose next attempt is not due yet.</param>
/// <param name="Due">Whose next attempt is due, or under way.</param>
/// <param name="Held">A person holds them.</param>
/// <param name="Unreported">There is a report to be made of them.</param>
/// <param name="Undeliverable">Kept for a person to look at.</param>
internal readonly record struct QueueSize(long Waiting, long Due, long Held, long Unreported, long Undeliverable);
