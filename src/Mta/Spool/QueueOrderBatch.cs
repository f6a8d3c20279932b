using MailSuite.Mta.Envelope;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;

namespace MailSuite.Mta.Spool;

/// <summary>A recipient for whom an order is to be done.</summary>
/// <param name="MessageKey">The row of its message.</param>
internal sealed record OrderedRecipient(long MessageKey, long Key, QueueId Id, JourneyId Journey, bool HasNullReversePath, EnvelopeRecipient Recipient, string? Reason);

/// <summary>An order for so many recipients as one write takes.</summary>
internal sealed record QueueOrderBatch(QueueOrder Order, IReadOnlyList<OrderedRecipient> Recipients);

/// <summary>What a write has done.</summary>
/// <param name="Recipients">Those for whom the order could still be done.</param>
/// <param name="Bodies">Files of messages that are done with it.</param>
internal sealed record QueueOrderResult(IReadOnlyList<OrderedRecipient> Recipients, IReadOnlyList<string> Bodies);
