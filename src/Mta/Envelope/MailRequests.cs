namespace MailSuite.Mta.Envelope;

/// <summary>What the parameters of MAIL asked for the whole message; most ask nothing.</summary>
internal sealed record MailRequests
{
    public static readonly MailRequests None = new();

    /// <summary>ENVID, decoded: the sender's own name for this message, repeated in its reports (RFC 3461 §4.4). Printable ASCII.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>RET: how much of the message a report of failure brings back (RFC 3461 §4.3).</summary>
    public ReturnContent? Return { get; init; }

    /// <summary>BY: until when it is to be delivered (RFC 2852).</summary>
    public DeliverBy? DeliverBy { get; init; }

    /// <summary>MT-PRIORITY: -9 to 9 (RFC 6710); <see langword="null"/> when nothing was said, which counts as 0.</summary>
    public int? Priority { get; init; }

    /// <summary>HOLDFOR or HOLDUNTIL: not to be released before (RFC 4865).</summary>
    public FutureRelease? Hold { get; init; }

    /// <summary>Whether it can never be delivered in time (RFC 4865 §5.2.2).</summary>
    public bool IsHeldBeyondItsDeadline => Hold is not null && DeliverBy is not null && Hold.Until > DeliverBy.Deadline;
}

/// <summary>The RET parameter. Kept on disk by its number.</summary>
internal enum ReturnContent
{
    /// <summary>The whole message.</summary>
    Full = 0,

    /// <summary>Its header.</summary>
    Headers = 1,
}

/// <param name="Deadline">The instant that by-time means, counted from the end of the MAIL command (RFC 2852 §4).</param>
/// <param name="Returns">Whether it is returned when the time is over (by-mode R); otherwise its sender is told of the delay (N).</param>
/// <param name="Traces">Whether the sender hears of each host that it was relayed to (by-trace T).</param>
internal sealed record DeliverBy(DateTimeOffset Deadline, bool Returns, bool Traces)
{
    /// <summary>by-time can be so many seconds away, before or after (RFC 2852 §4).</summary>
    public const int MaxSeconds = 999_999_999;

    /// <summary>Whole seconds to the deadline, none too many; negative behind it.</summary>
    public long SecondsLeft(DateTimeOffset now) => (long)Math.Clamp(Math.Floor((Deadline - now).TotalSeconds), -MaxSeconds, MaxSeconds);
}

/// <param name="Until">When it may leave, or come into a mailbox.</param>
/// <param name="Request">As the client said it, <c>for;3600</c> or <c>until;2026-12-24T18:00:00Z</c>: reports repeat it (RFC 4865 §5.1.2).</param>
internal sealed record FutureRelease(DateTimeOffset Until, string Request);
