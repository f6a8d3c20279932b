using MailSuite.Mta.Policy;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>TURN (RFC 821 §3.8) and ATRN (RFC 2645): offered to who has a domain's mail here, or can gain the right to it by AUTH.</summary>
/// <param name="keyword">Which of the two.</param>
internal sealed class TurnExtension(string keyword, TurnPolicy policy, MtaOptions options) : ISmtpExtension
{
    internal const string Turn = "TURN";
    internal const string Atrn = "ATRN";

    public string? Offer(SmtpSession session) =>
        policy.IsOfferedIn(session.Role) && (session.Account is { } account ? policy.DomainsOf(account).Count > 0 : IsInReach(session, policy, options)) ? keyword : null;

    /// <summary>Whether AUTH is open to the client and there is something to gain by it.</summary>
    public static bool IsInReach(SmtpSession session, TurnPolicy policy, MtaOptions options) =>
        session.Account is null && policy.HasAccounts && AuthExtension.IsMeantFor(session.Role, options) && AuthExtension.IsSafe(session.Tls, options);
}
