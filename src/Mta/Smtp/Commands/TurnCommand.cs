using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>TURN: turns the roles (RFC 821 §3.8), for who has authenticated and has mail to fetch, and for nobody else (RFC 5321 App. F.1).</summary>
internal sealed class TurnCommand(TurnPolicy policy, RoleReversal reversal) : ISmtpCommand
{
    public string Verb => TurnExtension.Turn;

    public string Syntax => "TURN";

    public SmtpStates AllowedIn => SmtpStates.Ready;

    public bool EndsGroup => true;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (arguments.Length > 0)
            return SmtpReplies.NoArguments;

        if (!policy.IsOfferedIn(session.Role))
            return SmtpReplies.NotOffered;

        if (session.Account is null)
            return SmtpReplies.AuthenticationRequired;

        // RFC 821 §3.8: who does not want to turn says 502. It knows no reply for "no mail": the roles turn, and QUIT follows.
        var domains = policy.DomainsOf(session.Account);
        return domains.Count == 0 ? SmtpReplies.NotOffered : await reversal.TurnAsync(session, domains, Verb, refuseWithoutMail: false);
    }
}
