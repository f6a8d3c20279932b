using MailSuite.Mta.Envelope;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>DSN (RFC 3461): what the sender wants to be told of each recipient, and how its reports shall name the message.</summary>
internal sealed class DsnExtension(MtaOptions options) : ISmtpExtension
{
    private const string EnvelopeId = "ENVID";
    private const string Notifications = "NOTIFY";

    /// <summary>Not over LMTP: nothing is queued there, and its client tells what became of each recipient.</summary>
    public string? Offer(SmtpSession session) => session.Role switch
    {
        SmtpRole.Submission or SmtpRole.ImplicitTlsSubmission or SmtpRole.Local => "DSN",
        SmtpRole.Mx when session.Account is not null || options.DsnForStrangers => "DSN",
        _ => null,
    };

    public IReadOnlyList<string> MailParameters { get; } = ["RET", EnvelopeId];

    public IReadOnlyList<string> RcptParameters { get; } = [Notifications, "ORCPT"];

    public SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction)
    {
        if (Offer(session) is null)
            return SmtpReplies.UnknownParameter;

        if (parameter.Keyword == EnvelopeId)
        {
            if (!DsnParameters.TryParseEnvelopeId(parameter.Value, out var id))
                return SmtpReplies.BadEnvelopeId;
            transaction.Requests = transaction.Requests with { EnvelopeId = id };
            return null;
        }

        if (!DsnParameters.TryParseReturn(parameter.Value, out var content))
            return SmtpReplies.BadReturn;
        transaction.Requests = transaction.Requests with { Return = content };
        return null;
    }

    public SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, ref EnvelopeRecipient recipient)
    {
        if (Offer(session) is null)
            return SmtpReplies.UnknownParameter;

        if (parameter.Keyword == Notifications)
        {
            if (!DsnParameters.TryParseNotify(parameter.Value, out var notify))
                return SmtpReplies.BadNotify;
            recipient = recipient with { Notify = notify };
            return null;
        }

        if (!DsnParameters.TryParseOriginalRecipient(parameter.Value, session.Transaction.SmtpUtf8, out var original))
            return SmtpReplies.BadOriginalRecipient;
        recipient = recipient with { OriginalRecipient = original };
        return null;
    }
}
