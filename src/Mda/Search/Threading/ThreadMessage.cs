namespace MailSuite.Mda.Search.Threading;

/// <summary>What the algorithms of RFC 5256 look at.</summary>
/// <param name="Number">What stands for the message in the answer: its sequence number or its UID. In the order of the mailbox.</param>
/// <param name="SentAt">The sent date of RFC 5256 §2.2.</param>
/// <param name="Id">The hash of its Message-ID; 0 when it has none.</param>
/// <param name="References">The hashes of what it refers to, oldest first: References, or else the first id of In-Reply-To.</param>
/// <param name="Subject">The base subject, folded.</param>
/// <param name="IsReply">See <see cref="Sorting.BaseSubject.IsReply"/>.</param>
internal readonly record struct ThreadMessage(uint Number, long SentAt, ulong Id, ulong[] References, string Subject, bool IsReply);

/// <summary>A message in its thread, or what is not here but holds messages together (a dummy).</summary>
internal sealed class ThreadNode
{
    /// <summary>The number of the message; 0 for a dummy.</summary>
    internal uint Number { get; set; }

    internal bool IsDummy => Number == 0;

    /// <summary>Which of the messages it is; without meaning for a dummy.</summary>
    internal int Index { get; set; } = -1;

    internal ThreadNode? Parent { get; set; }

    /// <summary>Something was linked below it at some time: only then can it be above another.</summary>
    internal bool MayBeAbove { get; set; }

    internal List<ThreadNode> Children { get; set; } = [];
}
