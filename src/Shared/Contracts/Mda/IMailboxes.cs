using MailSuite.Shared.Content;
using MailSuite.Shared.Journey;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>An account's mailboxes and messages, to read and to change. Mda implements it, Mua calls it.</summary>
/// <remarks>
/// Every call names the account; a mailbox or message of another account is as absent as one that never was. Changes are durable when
/// the task is done.
/// </remarks>
public interface IMailboxes
{
    /// <summary>All mailboxes: INBOX first, then those with a special use, then the rest by name.</summary>
    ValueTask<IReadOnlyList<Mailbox>> ListAsync(AccountId account, CancellationToken cancellationToken);

    ValueTask<Mailbox?> FindAsync(AccountId account, MailboxId mailbox, CancellationToken cancellationToken);

    /// <summary>A page of the message list, newest first; as quick at the end of 100,000 messages as at their beginning.</summary>
    ValueTask<MessagePage> PageAsync(AccountId account, MailboxId mailbox, MessagePageRequest request, CancellationToken cancellationToken);

    /// <summary>Messages of all mailboxes that contain all the words, newest first. Parts of words are found; case and accents do not count.</summary>
    /// <param name="limit">Messages at most, 1 to 500.</param>
    ValueTask<IReadOnlyList<MessageSummary>> SearchAsync(AccountId account, MessageSearch search, int limit, CancellationToken cancellationToken);

    /// <summary>One message with its octets, which stay readable as long as the message is not expunged.</summary>
    ValueTask<StoredMessage?> OpenAsync(AccountId account, MailboxId mailbox, Uid uid, CancellationToken cancellationToken);

    /// <summary>Adds and removes flags; messages that are gone are passed over.</summary>
    /// <returns>Messages that are there.</returns>
    ValueTask<int> ChangeFlagsAsync(AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, MessageFlags add, MessageFlags remove, CancellationToken cancellationToken);

    /// <summary>Moves messages in one step, as RFC 6851 has it: never in both mailboxes, never in none.</summary>
    ValueTask<int> MoveAsync(AccountId account, MailboxId source, IReadOnlyList<Uid> uids, MailboxId target, CancellationToken cancellationToken);

    /// <summary>Removes messages for good.</summary>
    ValueTask<int> ExpungeAsync(AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, CancellationToken cancellationToken);

    /// <summary>Puts a message of the client's own into a mailbox (RFC 9051 §6.3.12); no Return-Path is added.</summary>
    ValueTask<AppendOutcome> AppendAsync(AccountId account, MailboxId mailbox, MessageAppend append, CancellationToken cancellationToken);
}

/// <summary>What a mailbox is for (RFC 6154, RFC 8457). Kept on disk by its number.</summary>
public enum SpecialUse
{
    None = 0,
    Inbox = 1,
    Drafts = 2,
    Sent = 3,
    Archive = 4,
    Junk = 5,
    Trash = 6,
    All = 7,
    Flagged = 8,
    Important = 9,
}

/// <param name="Name">The mailbox name, hierarchy separated by <c>/</c>.</param>
/// <param name="Messages">Messages in it; kept as a counter, never counted by scanning.</param>
/// <param name="Unseen">Messages without \Seen.</param>
public sealed record Mailbox(MailboxId Id, string Name, SpecialUse Use, UidValidity UidValidity, Uid UidNext, ModSeq HighestModSeq, int Messages, int Unseen);

/// <summary>System flags (RFC 9051 §2.3.2) and $Forwarded (RFC 5788). Kept on disk by its number.</summary>
[Flags]
public enum MessageFlags
{
    None = 0,
    Seen = 1,
    Answered = 2,
    Flagged = 4,
    Deleted = 8,
    Draft = 16,
    Forwarded = 32,
}

/// <summary>What a message list shows. All of it is derived from the octets and can be rebuilt.</summary>
/// <param name="From">The From field as people read it: the display name, or the address.</param>
/// <param name="To">The To field likewise.</param>
/// <param name="Subject">Decoded (RFC 2047); empty when there is none.</param>
/// <param name="Preview">The first words of the text, up to 200 characters; <see langword="null"/> until it was derived.</param>
/// <param name="ReceivedAt">The internal date (RFC 9051 §2.3.3).</param>
public sealed record MessageSummary(
    MailboxId Mailbox, Uid Uid, MessageFlags Flags, string From, string FromAddress, string To, string Subject, string? Preview, bool? HasAttachments,
    DateTimeOffset ReceivedAt, DateTimeOffset? Date, long Octets, string? MessageId);

/// <param name="Before">Only messages with a lower UID than this; <see langword="null"/> begins at the newest.</param>
/// <param name="Skip">Messages to pass over, for a list that jumps to its middle.</param>
/// <param name="Limit">Messages at most, 1 to 500.</param>
public sealed record MessagePageRequest(Uid? Before, int Skip, int Limit);

/// <param name="Total">Messages in the whole mailbox.</param>
public sealed record MessagePage(IReadOnlyList<MessageSummary> Messages, int Total);

/// <param name="Text">Words in the subject, the sender, the recipients, the text or attached texts, each anywhere; <see langword="null"/> for any.</param>
/// <param name="Subject">Words in the subject.</param>
/// <param name="From">Words in the sender's name or address.</param>
public sealed record MessageSearch(string? Text, string? Subject, string? From, MailboxId? Mailbox);

/// <param name="Journey">The way it came; <see langword="null"/> for a message that was appended by a client.</param>
public sealed record StoredMessage(MessageSummary Summary, JourneyId? Journey, IMessageContent Content);

public sealed record MessageAppend(DeliveryId Id, IMessageContent Content, MessageFlags Flags, DateTimeOffset? ReceivedAt, JourneyId? Journey);

public abstract record AppendOutcome
{
    private AppendOutcome()
    {
    }

    public sealed record Appended(UidValidity UidValidity, Uid Uid) : AppendOutcome;

    public sealed record Refused(string Reason) : AppendOutcome;
}
