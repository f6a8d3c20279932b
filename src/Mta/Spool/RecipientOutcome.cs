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

    /// <summary>Whether the host has said so of this recipient, and not of the session, the sender or the message.</summary>
    public bool IsOfRecipient { get; init; }

    /// <summary>What the host that has taken it will see to.</summary>
    public HostPromises Promises { get; init; }

    /// <summary>Whether it went to the several addresses of an alias.</summary>
    public bool Expanded { get; init; }

    /// <summary>Whether it is given up because its time is over.</summary>
    public bool IsExpired { get; init; }

    public static RecipientOutcome Deferred(EnhancedStatusCode status, string reason) => new(OutcomeKind.Deferred, status, reason);

    public static RecipientOutcome Failed(EnhancedStatusCode status, string reason) => new(OutcomeKind.Failed, status, reason);

    public static RecipientOutcome InMailbox(bool expanded) =>
        new(OutcomeKind.Delivered, StatusCodes.RecipientOk, expanded ? "It has gone to every address of this alias." : "It is in the mailbox.") { Expanded = expanded };
}

/// <summary>The extensions of the next host that decide whether its client still has to report.</summary>
[Flags]
internal enum HostPromises
{
    None = 0,

    /// <summary>It makes the reports that were asked for (RFC 3461 §5.2.1).</summary>
    Dsn = 1,

    /// <summary>It keeps the time that was set (RFC 2852 §4.1.4).</summary>
    DeliverBy = 2,
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
