using MailSuite.Mta.Envelope;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>A message ready to be written: its body is in memory, or on disk already.</summary>
/// <param name="BodyOctets">The body of a small message; <see langword="null"/> for one in a file.</param>
/// <param name="BodyFile">The file of a large one.</param>
/// <param name="DueAt">Milliseconds since 1970.</param>
internal sealed record NewMessage(SpooledMessage Message, JourneyId? Related, DeliveryId Delivery, byte[]? BodyOctets, string? BodyFile, long DueAt, NoticeTimes Notices)
{
    /// <summary>The rows it has been given, more than one when its transaction had to be repeated.</summary>
    public List<long> Announced { get; } = [];

    /// <summary>When its delivery can begin.</summary>
    public DateTimeOffset ReleasedAt => Message.Requests.Hold is { } hold && hold.Until > Message.AcceptedAt ? hold.Until : Message.AcceptedAt;

    /// <summary>When there is something to be told of a recipient first.</summary>
    public DateTimeOffset NoticeAt(EnvelopeRecipient recipient) =>
        Notices.Next(Message.ReversePath, Message.Requests, Message.AcceptedAt, ReleasedAt, recipient.Notify, DelayWarnings.None);
}

/// <summary>The rows of a message that was accepted.</summary>
internal sealed record AcceptedRows(long Message, long Sender, long[] Recipients);
