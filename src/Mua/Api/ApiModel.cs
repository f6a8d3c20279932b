using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Api;

// The JSON of /api/v1, camel case, enums as their names. The server writes it and the command line reads it with these same types.
// Errors are application/problem+json (RFC 9457). Every request carries "Authorization: Bearer TOKEN", the token of the data directory.

/// <summary>GET /api/v1/accounts/{address}/mailboxes gives a list of these.</summary>
internal sealed record MailboxView(long Id, string Name, string Use, int Messages, int Unseen);

/// <summary>GET /api/v1/accounts/{address}/messages?mailbox=INBOX&amp;before=UID&amp;skip=N&amp;limit=N&amp;text=…&amp;subject=…&amp;from=…</summary>
/// <param name="Total">Messages in the mailbox; with words to search for, messages found.</param>
internal sealed record MessageListView(int Total, IReadOnlyList<MessageView> Messages);

/// <param name="Mailbox">Its name; with <paramref name="MailboxId"/> and <paramref name="Uid"/> it names the message.</param>
internal sealed record MessageView(
    string Mailbox, long MailboxId, uint Uid, IReadOnlyList<string> Flags, string From, string FromAddress, string To, string Subject, string? Preview,
    bool? HasAttachments, DateTimeOffset ReceivedAt, DateTimeOffset? Date, long Octets, string? MessageId);

/// <summary>GET /api/v1/accounts/{address}/mailboxes/{mailboxId}/messages/{uid}; the octets themselves are at …/{uid}/raw.</summary>
internal sealed record MessageDetailView(
    MessageView Summary, IReadOnlyList<HeaderView> Headers, string? Text, string? Html, IReadOnlyList<AttachmentView> Attachments, string? Journey);

internal sealed record HeaderView(string Name, string Value);

/// <param name="Part">The number of the MIME part: …/{uid}/parts/{part} gives its decoded octets.</param>
internal sealed record AttachmentView(int Part, string Name, string ContentType, long Octets);

/// <summary>POST /api/v1/accounts/{address}/submissions as multipart/form-data: a field <c>message</c> with this in JSON, files <c>attachment</c>.</summary>
internal sealed record SubmissionRequest(
    IReadOnlyList<string> To, IReadOnlyList<string> Cc, IReadOnlyList<string> Bcc, string Subject, string Text, string? InReplyTo);

/// <summary>The answer, 202.</summary>
internal sealed record SubmissionView(string QueueId, string MessageId, string Journey);

/// <summary>GET /api/v1/journeys?query=… (a Message-ID with or without brackets, a queue id, a journey id, an address, words of the subject).</summary>
internal sealed record JourneyView(
    string Id, string? MessageId, string? QueueId, string? Subject, string? ReversePath, IReadOnlyList<string> Recipients, IReadOnlyList<JourneyEventView> Events);

internal sealed record JourneyEventView(
    DateTimeOffset At, MailRole Role, JourneyStep Step, string Host, string Summary, string? Reason, string? Peer, IReadOnlyList<string> Recipients,
    IReadOnlyList<DialogueLineView> Dialogue, string? Related);

internal sealed record DialogueLineView(DateTimeOffset At, bool FromClient, string Text);

/// <summary>GET /api/v1/clock, POST /api/v1/clock/shift?by=+4h, POST /api/v1/clock/reset.</summary>
/// <param name="ShiftSeconds">How far <paramref name="Now"/>, the program's time, is ahead of <paramref name="Real"/>.</param>
/// <param name="MayShift">Whether Clock:Shift lets it be put ahead.</param>
internal sealed record ClockView(DateTimeOffset Now, DateTimeOffset Real, double ShiftSeconds, bool MayShift);

/// <summary>POST /api/v1/queue/list gives a <see cref="QueuePage"/>, POST /api/v1/queue/stats a <see cref="QueueSummary"/>. Nothing given means the whole queue.</summary>
internal sealed record QueueListQuery(QueueFilter? Filter, QueuePageRequest? Page);

/// <summary>POST /api/v1/queue/done gives a <see cref="RetiredPage"/>. GET /api/v1/queue/messages/{id} gives a <see cref="QueuedMailDetail"/>, …/raw its octets.</summary>
internal sealed record RetiredListQuery(RetiredFilter? Filter, RetiredPageRequest? Page);

/// <summary>POST /api/v1/queue/orders, answered with lines of JSON (<see cref="QueueOrderLine"/>) while it is done.</summary>
internal sealed record QueueOrderQuery(QueueOrder? Order, QueueFilter? Filter);

/// <param name="Messages">So many are done by now.</param>
internal sealed record QueueOrderLine(QueueOrderState State, long Messages, long Recipients, string? Reason);

internal enum QueueOrderState
{
    Running,
    Done,
    Interrupted,
    Refused,
}

/// <summary>POST /api/v1/queue/suppressions; GET gives a list of <see cref="Suppression"/>, with …?text=…&amp;after=ADDRESS&amp;limit=N; DELETE …/{address} takes one off, DELETE all.</summary>
internal sealed record SuppressionRequest(string? Address, string? Reason);

/// <param name="Count">Addresses that were added or taken off.</param>
internal sealed record SuppressionCount(long Count);
