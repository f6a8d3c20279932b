using MailSuite.Mta.Envelope;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Acceptance;

/// <summary>A whole message with its envelope, judged and ready to be taken responsibility for.</summary>
/// <param name="Local">Recipients whose mailboxes are here.</param>
/// <param name="Remote">Recipients of other hosts that the sender may send to.</param>
/// <param name="Content">With our Received field; valid until the acceptance is done.</param>
internal sealed record Handover(
    DeliveryId Id, JourneyId Journey, ReversePath ReversePath, IReadOnlyList<EnvelopeRecipient> Local, IReadOnlyList<EnvelopeRecipient> Remote,
    BodyType Body, bool SmtpUtf8, IMessageContent Content, DateTimeOffset ReceivedAt)
{
    /// <summary>Whether it goes to screens, to mailboxes, or to both.</summary>
    public TerminalUse Terminal { get; init; }

    /// <summary>The reverse-path for <see cref="Remote"/> where it is another one (RFC 821 §3.6).</summary>
    public ReversePath? OnwardReversePath { get; init; }

    /// <summary>Aliases whose mail goes on to other hosts.</summary>
    public IReadOnlyList<Forward> Forwards { get; init; } = [];

    /// <summary>Whether somebody of ours, who has authenticated, has submitted it.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The addresses of its Delivered-To fields: where it has been (RFC 9228).</summary>
    public IReadOnlyList<string> DeliveredTo { get; init; } = [];

    /// <summary>Whether the sender hears of each recipient by itself (RFC 2033): then who was not stored is the sender's still, and only an alias that some have is spooled.</summary>
    public bool AnswersEach { get; init; }

    /// <summary>Recipients that go into the spool whatever the mailboxes say: failures to be reported, and such as cannot be judged now.</summary>
    public IReadOnlyList<SpooledRecipient> AlsoSpooled { get; init; } = [];

    /// <summary>Whether nobody is there to hear that a mailbox did not take it: then the spool keeps it, or its report.</summary>
    public bool IsUnattended { get; init; }

    /// <summary>What the sender asked for the whole message.</summary>
    public MailRequests Requests { get; init; } = MailRequests.None;

    /// <summary>The mailbox for the local recipients: Inbox, or Junk for what a policy has put in quarantine.</summary>
    public SpecialUse Into { get; init; } = SpecialUse.Inbox;
}

internal abstract record AcceptanceOutcome
{
    private AcceptanceOutcome()
    {
    }

    /// <summary>It is durable for every recipient: in mailboxes, in the spool, or as a failure in the spool that its sender will be told of.</summary>
    internal sealed record Accepted : AcceptanceOutcome;

    /// <summary>No recipient can ever have it, and nothing was kept. <paramref name="Status"/> is 5.x.x.</summary>
    internal sealed record Refused(EnhancedStatusCode Status, string Reason) : AcceptanceOutcome;

    /// <summary>Not now; the sender keeps it. <paramref name="Status"/> is 4.x.x.</summary>
    internal sealed record Deferred(EnhancedStatusCode Status, string Reason) : AcceptanceOutcome;

    /// <summary>To a hand-over that <see cref="Handover.AnswersEach"/>: one of the others for each of <see cref="Handover.Local"/>, in their order.</summary>
    internal sealed record OfEach(IReadOnlyList<AcceptanceOutcome> Outcomes) : AcceptanceOutcome;
}
