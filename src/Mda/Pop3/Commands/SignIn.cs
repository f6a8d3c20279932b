using MailSuite.Mda.Pop3.Replies;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>Which ways to sign in a session has.</summary>
internal static class SignIn
{
    /// <summary>Whether people may sign in at all as the connection is now.</summary>
    public static bool IsSafe(TlsFacts? tls, Pop3Options options) => tls is not null || options.AllowPlaintextAuthentication;

    public static bool Allows(string mechanism, Pop3Options options) => options.AuthenticationMechanisms.Contains(mechanism, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the mechanism that binds to the channel is offered: there must be something to bind to.</summary>
    public static bool OffersPlus(TlsFacts? tls, Pop3Options options) => tls is { Bindings.IsEmpty: false } && Allows(SaslMechanisms.ScramSha256Plus, options);

    /// <summary>The mechanisms that are offered now, strongest first.</summary>
    public static IEnumerable<string> Mechanisms(TlsFacts? tls, Pop3Options options) => !IsSafe(tls, options)
        ? []
        : SaslMechanisms.All.Where(name => name == SaslMechanisms.ScramSha256Plus ? OffersPlus(tls, options) : Allows(name, options));

    /// <summary>Why USER and PASS are not taken now; <see langword="null"/> when they are.</summary>
    public static Pop3Reply? RefusalOfPasswords(Pop3Session session, Pop3Options options) =>
        !Allows(SaslMechanisms.Plain, options) ? Pop3Replies.PasswordsNotOffered : IsSafe(session.Tls, options) ? null : Pop3Replies.EncryptionRequired;
}
