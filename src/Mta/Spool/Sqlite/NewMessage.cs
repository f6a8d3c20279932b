using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>A message ready to be written: its body is in memory, or on disk already.</summary>
/// <param name="BodyOctets">The body of a small message; <see langword="null"/> for one in a file.</param>
/// <param name="BodyFile">The file of a large one.</param>
internal sealed record NewMessage(SpooledMessage Message, JourneyId? Related, DeliveryId Delivery, byte[]? BodyOctets, string? BodyFile, long DueAt);
