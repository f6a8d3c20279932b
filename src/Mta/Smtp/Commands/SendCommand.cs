using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>SEND, SOML and SAML: as MAIL, and the message goes to the recipients' screens (RFC 821 §3.4, RFC 5321 App. F.6).</summary>
internal sealed class SendCommand(string verb, TerminalUse use, MailCommand mail, MtaOptions options, TerminalDelivery terminals) : ISmtpCommand
{
    public string Verb => verb;

    public string Syntax => $"{verb} FROM:<user@example.net>, and parameters as MAIL has them";

    public SmtpStates AllowedIn => SmtpStates.Ready;

    public SmtpReply? RefusalIn(SmtpRole role) => role == SmtpRole.Lmtp ? SmtpReplies.NotOffered : null;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (!TerminalExtension.IsOffered(session, options, terminals))
            return SmtpReplies.NotOffered;

        var reply = await mail.ExecuteAsync(session, arguments);
        if (session.State != SmtpStates.InTransaction)
            return reply;

        if (session.Transaction.Requests.Hold is not null)
        {
            session.Transaction.Refuse(SmtpReplies.NotHeldForScreens);
            session.EndTransaction();
            return SmtpReplies.NotHeldForScreens;
        }

        session.Transaction.Terminal = use;
        return reply;
    }
}
