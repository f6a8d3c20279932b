using MailSuite.Shared.Journey;

namespace MailSuite.Mta.Spool;

/// <summary>Why nothing is sent to an address.</summary>
/// <param name="Status">The enhanced status code of the refusal; <see langword="null"/> for what a person has added.</param>
/// <param name="IsManual">Whether a person has added it.</param>
internal sealed record SuppressionEntry(
    string Address, DateTimeOffset Since, string? Status, string Reason, string? RemoteHost, string? RemoteReply, QueueId? QueueId, JourneyId? Journey, bool IsManual);
