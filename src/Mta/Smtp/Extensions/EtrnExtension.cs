using MailSuite.Mta.Policy;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>ETRN (RFC 1985): offered to who may have some domain's mail sent, or can gain that right by AUTH.</summary>
internal sealed class EtrnExtension(TurnPolicy policy, MtaOptions options) : ISmtpExtension
{
    internal const string Keyword = "ETRN";

    public string? Offer(SmtpSession session) =>
        policy.IsOfferedIn(session.Role) && (policy.DomainsOf(session.Client.Address, session.Account).Count > 0 || TurnExtension.IsInReach(session, policy, options)) ? Keyword : null;
}
