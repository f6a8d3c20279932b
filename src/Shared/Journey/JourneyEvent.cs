using MailSuite.Shared.Addressing;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Shared.Journey;

/// <summary>One thing that one role did with one message, told for people.</summary>
/// <param name="Role">Who did it.</param>
/// <param name="Host">The name of the host that did it, as in its greeting.</param>
/// <param name="Summary">One sentence: who handed what to whom. No secret, nothing from the body.</param>
public sealed record JourneyEvent(JourneyId Journey, DateTimeOffset At, MailRole Role, JourneyStep Step, string Host, string Summary)
{
    /// <summary>Why it was decided so: the policy's words, the other host's reply, the setting that ruled.</summary>
    public string? Reason { get; init; }

    /// <summary>The other side of this step, a client or a server, by name and address.</summary>
    public string? Peer { get; init; }

    /// <summary>The recipients that this step is about; empty when it is about all.</summary>
    public IReadOnlyList<EnvelopeAddress> Recipients { get; init; } = [];

    /// <summary>The protocol lines of this step, secrets masked; empty where the step spoke no protocol.</summary>
    public IReadOnlyList<TranscriptLine> Dialogue { get; init; } = [];

    /// <summary>By what a person finds the message; given by the step that first knows it.</summary>
    public MessageFacts? Facts { get; init; }

    /// <summary>Another message's journey that this step leads to, or comes from: a bounce and what it speaks of.</summary>
    public JourneyId? Related { get; init; }
}
