using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>AUTH (RFC 4954): offered in the roles that authenticate, where a password would be safe.</summary>
internal sealed class AuthExtension(MtaOptions options) : ISmtpExtension
{
    internal const string Keyword = "AUTH";

    private static readonly string Line = $"{Keyword} {string.Join(' ', SaslExchange.Mechanisms)}";

    public static bool IsMeantFor(SmtpRole role, MtaOptions options) => role switch
    {
        SmtpRole.Mx => options.AuthenticateOnMx,
        SmtpRole.Local => false,
        _ => true,
    };

    public static bool IsSafe(TlsFacts? tls, MtaOptions options) => tls is not null || options.AllowPlaintextAuthentication;

    public string? Offer(SmtpSession session) => IsMeantFor(session.Role, options) && IsSafe(session.Tls, options) ? Line : null;

    public IReadOnlyList<string> MailParameters { get; } = [Keyword];

    /// <summary>Who first submitted the message (RFC 4954 §5): read, and not trusted, as §5 says of peers without a trust of their own.</summary>
    public SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction) => parameter.Value is null ? SmtpReplies.BadParameter : null;
}
