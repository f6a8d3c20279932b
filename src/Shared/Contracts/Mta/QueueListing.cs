namespace MailSuite.Shared.Contracts.Mta;

/// <param name="Limit">Messages on a page, 1 to <see cref="MaxLimit"/>.</param>
/// <param name="Cursor">Where the page before ended; <see langword="null"/> for the first. One of another order or filter is one that does not fit.</param>
public sealed record QueuePageRequest(int Limit = 50, string? Cursor = null)
{
    public const int MaxLimit = 1000;

    public QueueSort Sort { get; init; } = QueueSort.Oldest;

    /// <summary>Recipients shown of one message.</summary>
    public int MaxRecipients { get; init; } = 20;
}

public enum QueueSort
{
    /// <summary>As they were accepted.</summary>
    Oldest,

    /// <summary>The last accepted first.</summary>
    Newest,

    /// <summary>What is tried next first; only what waits.</summary>
    NextAttempt,
}

/// <param name="Next">The cursor of the next page; <see langword="null"/> after the last. Where there is much to look through it can be given of a page that is not full, or empty.</param>
public sealed record QueuePage(IReadOnlyList<QueuedMail> Messages, string? Next);

/// <param name="Id">The queue id of logs and journeys.</param>
/// <param name="ReversePath">With its angle brackets.</param>
/// <param name="Recipients">Those that were asked for, as many as were asked for.</param>
public sealed record QueuedMail(string Id, long Octets, DateTimeOffset AcceptedAt, string ReversePath, IReadOnlyList<QueuedMailRecipient> Recipients)
{
    /// <summary>Those that were asked for, shown or not.</summary>
    public int RecipientCount { get; init; } = Recipients.Count;

    /// <summary>The id of its journey.</summary>
    public string Journey { get; init; } = "";
}

/// <param name="Address">Without angle brackets.</param>
/// <param name="NextAttemptAt">When it is tried next; <see langword="null"/> when it is not.</param>
/// <param name="Reason">What the last attempt came to; <see langword="null"/> before the first.</param>
public sealed record QueuedMailRecipient(string Address, int Attempts, DateTimeOffset? NextAttemptAt, string? Reason)
{
    public QueueState State { get; init; }

    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>The enhanced status code of the last attempt.</summary>
    public string? Status { get; init; }

    /// <summary>The host that answered last.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>Its whole reply, lines separated by LF.</summary>
    public string? RemoteReply { get; init; }

    /// <summary>Where a person has sent it; <see langword="null"/> for where routing leads.</summary>
    public string? NextHop { get; init; }
}

/// <param name="Mail">With all its recipients.</param>
/// <param name="Header">The header section, as it is sent, in UTF-8 as far as it is that; <see langword="null"/> of a message that is done.</param>
/// <param name="FinishedAt">When it was done; <see langword="null"/> of one in the queue.</param>
public sealed record QueuedMailDetail(QueuedMail Mail, string? Header, DateTimeOffset? FinishedAt)
{
    /// <summary>The journey of the message that it reports about; <see langword="null"/> of one that is no report of ours.</summary>
    public string? Related { get; init; }

    /// <summary>Before this its sender does not want it delivered (RFC 4865).</summary>
    public DateTimeOffset? HoldUntil { get; init; }

    /// <summary>By when its sender wants it delivered (RFC 2852).</summary>
    public DateTimeOffset? DeliverBy { get; init; }

    /// <summary>MT-PRIORITY (RFC 6710).</summary>
    public int Priority { get; init; }

    /// <summary>ENVID (RFC 3461).</summary>
    public string? EnvelopeId { get; init; }
}

/// <summary>Which messages that are done; those to which all applies that is given.</summary>
public sealed record RetiredFilter
{
    public string? Id { get; init; }

    /// <summary>An address, a domain, or <c>&lt;&gt;</c>.</summary>
    public string? Sender { get; init; }

    /// <summary>An address or a domain.</summary>
    public string? Recipient { get; init; }

    /// <summary>Done before this.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Done at this or after it.</summary>
    public DateTimeOffset? After { get; init; }
}

/// <param name="Limit">Messages on a page, 1 to <see cref="QueuePageRequest.MaxLimit"/>.</param>
/// <param name="Cursor">As in <see cref="QueuePageRequest"/>.</param>
public sealed record RetiredPageRequest(int Limit = 50, string? Cursor = null);

/// <param name="Next">As in <see cref="QueuePage"/>.</param>
public sealed record RetiredPage(IReadOnlyList<RetiredMail> Messages, string? Next);

/// <param name="Recipients">All of them, with what became of each.</param>
public sealed record RetiredMail(string Id, string Journey, string ReversePath, DateTimeOffset AcceptedAt, DateTimeOffset FinishedAt, long Octets, IReadOnlyList<RetiredRecipient> Recipients);

/// <param name="Status">The enhanced status code of its last attempt.</param>
/// <param name="Host">Who answered.</param>
/// <param name="Reply">In one line.</param>
public sealed record RetiredRecipient(string Address, QueueState State, string? Status, string? Host, string? Reply);
