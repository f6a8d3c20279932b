using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Queue;

/// <summary>What the queue has to know of an attempt.</summary>
/// <param name="Failed">Whether recipients have failed, or others have it, and wait for their report.</param>
/// <param name="Dialogue">The protocol lines of the failure, for the journey.</param>
internal readonly record struct AttemptResult(bool Failed, IReadOnlyList<TranscriptLine> Dialogue)
{
    public static readonly AttemptResult Nothing = new(false, []);

    /// <summary>Whether recipients may be due on as they were: nothing was written about them.</summary>
    public bool IsOpen { get; init; }

    public HostFeedback Host { get; init; }

    /// <summary>Given when nobody answers for the next hop: until when it is left alone.</summary>
    public DateTimeOffset? DeadUntil { get; init; }

    /// <summary>Why the host failed.</summary>
    public string? Error { get; init; }

    /// <summary>When the first of those that wait on is due; <see langword="null"/> when none does.</summary>
    public DateTimeOffset? NextDue { get; init; }
}

/// <summary>What an attempt says about the next hop, whatever it says about the message.</summary>
internal enum HostFeedback
{
    /// <summary>Nothing: it was not asked.</summary>
    None,

    /// <summary>It has answered, be it yes or no.</summary>
    Answered,

    /// <summary>It could not be reached, or did not want to speak with us.</summary>
    Failed,
}
