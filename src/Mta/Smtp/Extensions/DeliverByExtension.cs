using MailSuite.Mta.Envelope;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>DELIVERBY (RFC 2852): a time by which the message is to be delivered, and what is to be done when it is not. Any time is taken.</summary>
internal sealed class DeliverByExtension(TimeProvider clock) : ISmtpExtension
{
    /// <summary>Not in LMTP, which has no queue to watch the time in.</summary>
    public string? Offer(SmtpSession session) => session.Role == SmtpRole.Lmtp ? null : "DELIVERBY";

    public IReadOnlyList<string> MailParameters { get; } = ["BY"];

    public SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction)
    {
        if (Offer(session) is null)
            return SmtpReplies.UnknownParameter;
        if (!DeliverByParameter.TryParse(parameter.Value, out var by))
            return SmtpReplies.BadDeliverBy;

        transaction.Requests = transaction.Requests with { DeliverBy = new DeliverBy(clock.GetUtcNow().AddSeconds(by.Seconds), by.Returns, by.Traces) };
        return transaction.Requests.IsHeldBeyondItsDeadline ? SmtpReplies.HeldBeyondDeadline : null;
    }
}
