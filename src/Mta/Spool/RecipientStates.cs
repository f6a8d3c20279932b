using MailSuite.Mta.Envelope;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Spool;

/// <summary>What state an outcome leads to, by what its sender wants to be told (RFC 3461 §4.1).</summary>
internal static class RecipientStates
{
    /// <summary>For what happens here: deferred, failed, or in the mailbox.</summary>
    public static RecipientState After(RecipientOutcome outcome, ReversePath reversePath, Notify notify) => outcome.Kind switch
    {
        OutcomeKind.Deferred => RecipientState.Waiting,
        // Of a null reverse-path the sender hears nothing, whatever NOTIFY says, and the postmaster does (Dsn/DoubleBounces).
        OutcomeKind.Failed => reversePath.IsNull || notify.WantsFailure() ? RecipientState.Failed : RecipientState.FailedSilently,
        _ when reversePath.IsNull || !notify.WantsSuccess() => RecipientState.Delivered,
        _ => outcome.Expanded ? RecipientState.ExpandedUntold : RecipientState.DeliveredUntold,
    };

    /// <summary>Whether its report is still to be made.</summary>
    public static bool IsToBeReported(this RecipientState state) =>
        state is RecipientState.Failed or RecipientState.DeliveredUntold or RecipientState.RelayedUntold or RecipientState.ExpandedUntold;

    /// <summary>For what another host has taken at an instant. It is told when that host will not report it itself, and at each hop where BY asks for a trace.</summary>
    public static RecipientState AfterRelaying(RecipientOutcome outcome, ReversePath reversePath, Notify notify, DeliverBy? by, DateTimeOffset now)
    {
        if (reversePath.IsNull || notify == Notify.Never)
            return RecipientState.Delivered;

        var unreported = notify.WantsSuccess() && !outcome.Promises.HasFlag(HostPromises.Dsn); // RFC 3461 §5.2.2
        var untimed = by is { Returns: false } && now < by.Deadline && !outcome.Promises.HasFlag(HostPromises.DeliverBy); // RFC 2852 §4.1.4.2
        return unreported || untimed || by is { Traces: true } ? RecipientState.RelayedUntold : RecipientState.Delivered;
    }
}
