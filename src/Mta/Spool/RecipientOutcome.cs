using MailSuite.Shared.Status;

namespace MailSuite.Mta.Spool;

/// <summary>What one attempt did for one recipient.</summary>
/// <param name="Status">2.x.x, 4.x.x or 5.x.x, as <paramref name="Kind"/> says.</param>
/// <param name="Reason">A sentence for people.</param>
internal sealed record RecipientOutcome(OutcomeKind Kind, EnhancedStatusCode Status, string Reason)
{
    /// <summary>The host that answered, by name; <see langword="null"/> when we decided by ourselves.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>Its reply in full, lines separated by LF; <see langword="null"/> when there was none.</summary>
    public string? RemoteReply { get; init; }

    public static RecipientOutcome Deferred(EnhancedStatusCode status, string reason) => new(OutcomeKind.Deferred, status, reason);

    public static RecipientOutcome Failed(EnhancedStatusCode status, string reason) => new(OutcomeKind.Failed, status, reason);
}

internal enum OutcomeKind
{
    /// <summary>Somebody else is responsible for it now.</summary>
    Delivered,

    /// <summary>Not now; it stays.</summary>
    Deferred,

    /// <summary>Never.</summary>
    Failed,
}
