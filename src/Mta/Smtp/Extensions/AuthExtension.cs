using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>AUTH (RFC 4954): offered in the roles that authenticate, where a password would be safe. The mechanisms stand strongest first.</summary>
internal sealed class AuthExtension(MtaOptions options) : ISmtpExtension
{
    internal const string Keyword = "AUTH";

    private readonly string? _line = LineOf(SaslMechanisms.All.Where(name => Allows(name, options)));
    private readonly string? _lineWithoutPlus = LineOf(SaslMechanisms.All.Where(name => name != SaslMechanisms.ScramSha256Plus && Allows(name, options)));

    public static bool IsMeantFor(SmtpRole role, MtaOptions options) => role switch
    {
        SmtpRole.Mx => options.AuthenticateOnMx,
        SmtpRole.Local => false,
        _ => true,
    };

    public static bool IsSafe(TlsFacts? tls, MtaOptions options) => tls is not null || options.AllowPlaintextAuthentication;

    /// <summary>Whether there is such a mechanism, and the settings leave it out.</summary>
    public static bool IsForbidden(string mechanism, MtaOptions options) => !Allows(mechanism, options) && SaslMechanisms.All.Contains(mechanism, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the mechanism that binds to the channel is offered: there must be something to bind to.</summary>
    public static bool OffersPlus(TlsFacts? tls, MtaOptions options) => tls is { Bindings.IsEmpty: false } && Allows(SaslMechanisms.ScramSha256Plus, options);

    public string? Offer(SmtpSession session) =>
        !IsMeantFor(session.Role, options) || !IsSafe(session.Tls, options) ? null : OffersPlus(session.Tls, options) ? _line : _lineWithoutPlus;

    public IReadOnlyList<string> MailParameters { get; } = [Keyword];

    /// <summary>Who first submitted the message (RFC 4954 §5): read, and not trusted, as §5 says of peers without a trust of their own.</summary>
    public SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction) => parameter.Value is null ? SmtpReplies.BadParameter : null;

    private static bool Allows(string mechanism, MtaOptions options) => options.AuthenticationMechanisms.Contains(mechanism, StringComparer.OrdinalIgnoreCase);

    private static string? LineOf(IEnumerable<string> mechanisms) => string.Join(' ', mechanisms) is { Length: > 0 } names ? $"{Keyword} {names}" : null;
}
