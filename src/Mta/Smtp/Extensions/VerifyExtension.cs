using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>VRFY: listed where it answers; elsewhere it is there and says 252 (RFC 5321 §3.5.2).</summary>
internal sealed class VerifyExtension(MtaOptions options) : ISmtpExtension
{
    public string? Offer(SmtpSession session) => Offers.Holds(options.Verify, session) ? "VRFY" : null;
}
