namespace MailSuite.Mta.Delivery;

/// <summary>What one attempt at one destination did.</summary>
/// <param name="Results">For each recipient the last word.</param>
/// <param name="Sessions">The sessions in order, those that came to nothing too.</param>
/// <param name="Unreachable">No host of the destination answered at all: the destination is down, not choosy.</param>
internal sealed record CourierReport(IReadOnlyList<RecipientResult> Results, IReadOnlyList<SessionReport> Sessions, bool Unreachable);
