using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store;

/// <summary>How a change of messages ended.</summary>
internal enum StoreResult
{
    Done,

    /// <summary>The mailbox that the messages are in is no more.</summary>
    Gone,

    /// <summary>The mailbox that the messages go to is no more.</summary>
    TargetGone,

    /// <summary>The account of the mailbox that the messages go to may not hold so much.</summary>
    OverQuota,

    /// <summary>The disk is full.</summary>
    NoRoom,

    /// <summary>A message would have more or longer keywords than <see cref="KeywordSets"/> allows.</summary>
    TooManyKeywords,
}

/// <param name="Uids">Of the messages in their order; empty unless Done.</param>
internal readonly record struct Appending(StoreResult Result, UidValidity UidValidity, IReadOnlyList<uint> Uids);

/// <param name="Modified">UIDs left as they are, since their ModSeq is above what was asked for (RFC 7162 §3.1.3).</param>
/// <param name="There">Messages that are there, whether or not they changed.</param>
internal readonly record struct FlagStoring(StoreResult Result, IReadOnlyList<uint> Modified, int There);

/// <summary>The messages that were copied or moved, ascending, and their UIDs in the other mailbox; those that were gone are missing.</summary>
/// <remarks>A move goes in steps: when a later one fails, these are the messages of those before it.</remarks>
internal readonly record struct Transfer(StoreResult Result, UidValidity UidValidity, IReadOnlyList<uint> Sources, IReadOnlyList<uint> Targets);

/// <param name="Uids">Messages that went, ascending.</param>
internal readonly record struct Expunging(StoreResult Result, IReadOnlyList<uint> Uids);
