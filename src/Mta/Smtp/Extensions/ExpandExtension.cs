using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>EXPN: listed where it answers (RFC 5321 §3.5.2).</summary>
internal sealed class ExpandExtension(MtaOptions options) : ISmtpExtension
{
    public string? Offer(SmtpSession session) => Offers.Holds(options.Expand, session) ? "EXPN" : null;
}
