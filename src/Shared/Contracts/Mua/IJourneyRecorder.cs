using MailSuite.Shared.Journey;

namespace MailSuite.Shared.Contracts.Mua;

/// <summary>Takes notice of what the roles do with messages. Mua implements it and owns the store; all three modules publish.</summary>
/// <remarks>
/// A notice, not a call: it returns at once, never throws, never waits for a disk. Under overload events are dropped and counted.
/// Publish only after the commit of what the event tells; losing an event loses no mail.
/// </remarks>
public interface IJourneyRecorder
{
    void Record(JourneyEvent journeyEvent);
}
