using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>STARTTLS (RFC 3207): offered where there is a certificate, and not again under TLS (§4.2).</summary>
internal sealed class StartTlsExtension(IServerTls? tls) : ISmtpExtension
{
    internal const string Keyword = "STARTTLS";

    public string? Offer(SmtpSession session) => tls is { IsAvailable: true } && session.Tls is null ? Keyword : null;
}
