using MailSuite.Shared.Status;

namespace MailSuite.Mta.Dsn.Incoming;

/// <summary>What a report that came from elsewhere says. All of it is somebody's claim: texts are one line each, and bounded.</summary>
/// <param name="Reporter">The host that reports, by its own word; <see langword="null"/> when it does not say.</param>
/// <param name="Names">What the message is called: queue ids of ours first, then Message-IDs.</param>
internal sealed record ReceivedReport(string? Reporter, IReadOnlyList<string> Names, IReadOnlyList<ReportedRecipient> Recipients);

/// <param name="Address">As it stands there; <see langword="null"/> when none does.</param>
/// <param name="Status"><see langword="null"/> when none is given.</param>
/// <param name="Words">Of the host that decided it.</param>
internal sealed record ReportedRecipient(string? Address, ReportedAction Action, EnhancedStatusCode? Status, string? RemoteHost, string? Words);

/// <summary>Action (RFC 3464 §2.3.3).</summary>
internal enum ReportedAction
{
    Failed,
    Delayed,
    Delivered,
    Relayed,
    Expanded,
}
