using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>ATRN: turns the roles, and the mail of the client's domains goes out over its own connection (RFC 2645).</summary>
internal sealed class AtrnCommand(TurnPolicy policy, RoleReversal reversal) : ISmtpCommand
{
    public string Verb => TurnExtension.Atrn;

    public string Syntax => "ATRN [customer.example[,other.example]]";

    public SmtpStates AllowedIn => SmtpStates.Ready;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (!AtrnArguments.TryParse(arguments, out var asked))
            return SmtpReplies.BadAtrnSyntax;

        if (!policy.IsOfferedIn(session.Role))
            return SmtpReplies.NotOffered;

        if (session.Account is null)
            return SmtpReplies.AuthenticationRequired;

        // No domain is sent when one of them is not the client's (RFC 2645 §5.2.1).
        var own = policy.DomainsOf(session.Account);
        var domains = asked.Count == 0 ? own : asked;
        if (domains.Count == 0 || domains.Any(domain => !own.Contains(domain)))
            return SmtpReplies.TurnRefused;

        return await reversal.TurnAsync(session, domains, Verb, refuseWithoutMail: true);
    }
}
