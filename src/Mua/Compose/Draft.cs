using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mua.Compose;

/// <summary>What a person has written and not yet sent.</summary>
/// <param name="Id">The same for every attempt to send it, so that two clicks send one message.</param>
internal sealed record Draft(DeliveryId Id)
{
    /// <summary>As typed: addresses with or without names, separated by commas.</summary>
    public string To { get; init; } = "";

    public string Cc { get; init; } = "";

    /// <summary>Goes into the envelope only (RFC 5322 §3.6.3).</summary>
    public string Bcc { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Text { get; init; } = "";

    /// <summary>The msg-id that this answers, without brackets.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>msg-ids without brackets, the oldest first.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The message that this answers or forwards.</summary>
    public DraftSource? Source { get; init; }
}

/// <summary>The message from which a draft began.</summary>
/// <param name="Parts">Parts of it that go along, by number.</param>
internal sealed record DraftSource(MailboxId Mailbox, Uid Uid, DraftKind Kind, IReadOnlyList<int> Parts);

internal enum DraftKind
{
    Reply,
    ReplyAll,

    /// <summary>Its text is quoted.</summary>
    Forward,

    /// <summary>It goes along whole, as message/rfc822.</summary>
    ForwardAttached,
}

/// <summary>A file that goes along with a draft.</summary>
/// <param name="Open">A new reader at its first octet.</param>
internal sealed record DraftFile(string Name, string ContentType, Func<Stream> Open);
