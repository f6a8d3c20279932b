namespace MailSuite.Shared.Contracts.Mta;

/// <summary>Which recipients of the queue are meant: those to whom all applies that is given.</summary>
public sealed record QueueFilter
{
    /// <summary>Ids that one filter may name.</summary>
    public const int MaxIds = 1000;

    /// <summary>All of whom something is left to do.</summary>
    public static readonly QueueFilter Everything = new();

    /// <summary>Queue ids; empty for any.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>The domain of the recipient; U-labels or A-labels.</summary>
    public string? Domain { get; init; }

    /// <summary>The recipient: an address, of which the case is not looked at.</summary>
    public string? Recipient { get; init; }

    /// <summary>The reverse-path: an address, a domain, or <c>&lt;&gt;</c> for none.</summary>
    public string? Sender { get; init; }

    /// <summary>Where people have sent it, as the order said it.</summary>
    public string? NextHop { get; init; }

    /// <summary>Empty for all of which something is left to do.</summary>
    public IReadOnlyList<QueueState> States { get; init; } = [];

    /// <summary>Accepted before this.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Accepted at this or after it.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Text in what the last attempt came to: its code, its reason, the host, the reply. The case of ASCII letters is not looked at.</summary>
    public string? Error { get; init; }

    /// <summary>More octets than this.</summary>
    public long? LargerThan { get; init; }

    /// <summary>Whether nothing is given.</summary>
    public bool IsEverything =>
        Ids.Count == 0 && Domain is null && Recipient is null && Sender is null && NextHop is null && States.Count == 0 && Before is null && After is null && Error is null && LargerThan is null;
}

/// <summary>How far a recipient is, for people.</summary>
public enum QueueState
{
    /// <summary>To be tried at its next attempt.</summary>
    Waiting,

    /// <summary>A person holds it: neither tried nor given up until it is released.</summary>
    Held,

    /// <summary>It will never be delivered; the report to its sender is being made.</summary>
    Failed,

    /// <summary>It will never be delivered, and nobody may be told; kept for the postmaster to look at.</summary>
    Undeliverable,

    /// <summary>Another host has it, or the mailbox.</summary>
    Delivered,

    /// <summary>It failed, and its sender has been told.</summary>
    Returned,

    /// <summary>It failed, and its sender had asked not to be told.</summary>
    FailedSilently,

    /// <summary>A person has given it up, and nobody is told.</summary>
    Dropped,
}
