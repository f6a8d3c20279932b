using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>SEND, SOML, SAML: listed where they work, as their registration asks (RFC 5321 App. F.6).</summary>
internal sealed class TerminalExtension(string verb, MtaOptions options, TerminalDelivery terminals) : ISmtpExtension
{
    /// <summary>Not in LMTP, which is for mailboxes.</summary>
    public static bool IsOffered(SmtpSession session, MtaOptions options, TerminalDelivery terminals) =>
        terminals.IsPossible && session.Role != SmtpRole.Lmtp && Offers.Holds(options.Terminal, session);

    public string? Offer(SmtpSession session) => IsOffered(session, options, terminals) ? verb : null;
}
