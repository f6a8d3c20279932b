using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Compose;

/// <summary>What became of an attempt to send.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The MTA has it, durable.</summary>
    /// <param name="Note">What did not work besides, for people.</param>
    internal sealed record Sent(string QueueId, string MessageId, JourneyId Journey, string? Note) : SendOutcome;

    /// <summary>Nobody got it; each error says where and why.</summary>
    internal sealed record Refused(IReadOnlyList<DraftError> Errors) : SendOutcome;

    /// <summary>Nobody got it; the same draft may be sent later.</summary>
    internal sealed record Deferred(string Reason) : SendOutcome;
}
