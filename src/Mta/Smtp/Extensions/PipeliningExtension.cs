namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>PIPELINING (RFC 2920): replies go out together when no further whole command is waiting; <see cref="SmtpConnection"/> does it.</summary>
internal sealed class PipeliningExtension : ISmtpExtension
{
    public string Offer(SmtpSession session) => "PIPELINING";
}
