namespace MailSuite.Shared.Contracts.Mta;

/// <summary>What a person wants done with mail that is queued.</summary>
/// <param name="By">Who wants it, for the journey; an account, or a user of this machine.</param>
public sealed record QueueOrder(QueueAction Action, string By)
{
    /// <summary>Characters of <see cref="NextHop"/> and of <see cref="By"/>.</summary>
    public const int MaxCharacters = 255;

    /// <summary>
    /// For <see cref="QueueAction.Reroute"/>: a host, <c>[address]</c>, either with <c>:port</c>, or the name of a transport;
    /// <see langword="null"/> for where routing leads.
    /// </summary>
    public string? NextHop { get; init; }
}

public enum QueueAction
{
    /// <summary>What waits is tried now; not what its sender holds back (RFC 4865), nor what the host of its domain fetches.</summary>
    Retry,

    /// <summary>What waits is neither tried nor given up until it is released; an attempt that is under way goes on to its end.</summary>
    Hold,

    /// <summary>What is held waits again and is tried now.</summary>
    Release,

    /// <summary>What waits, is held or is undeliverable is given up, and nobody is told. What another host takes at this moment is delivered all the same.</summary>
    Drop,

    /// <summary>What waits or is held is given up, and its sender gets a report.</summary>
    Return,

    /// <summary>What waits or is held goes another way; what waits is tried now.</summary>
    Reroute,
}

/// <summary>How far an order is.</summary>
public readonly record struct QueueOrderProgress(long Messages, long Recipients);

public abstract record QueueOrderOutcome
{
    private QueueOrderOutcome()
    {
    }

    /// <summary>All of it is on disk.</summary>
    public sealed record Done(long Messages, long Recipients) : QueueOrderOutcome;

    /// <summary>Nothing was done: the order or the filter makes no sense.</summary>
    public sealed record Refused(string Reason) : QueueOrderOutcome;

    /// <summary>So much is on disk; the rest could not be written now. The same order may be given once more.</summary>
    public sealed record Interrupted(long Messages, long Recipients, string Reason) : QueueOrderOutcome;
}
