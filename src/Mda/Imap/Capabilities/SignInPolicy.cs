using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Mda.Imap.Capabilities;

/// <summary>By what a client may sign in, and where that is safe.</summary>
internal static class SignInPolicy
{
    public static bool MaySignIn(TlsFacts? tls, ImapOptions options) => tls is not null || options.AllowPlaintextAuthentication;

    /// <summary>Whether LOGIN is taken: it goes with PLAIN, which carries a password as it is too.</summary>
    public static bool MayLogin(TlsFacts? tls, ImapOptions options) => MaySignIn(tls, options) && Allows(SaslMechanisms.Plain, options);

    /// <summary>Whether the mechanism is among those that the settings allow.</summary>
    public static bool Allows(ReadOnlySpan<char> mechanism, ImapOptions options)
    {
        foreach (var allowed in options.AuthenticationMechanisms)
        {
            if (mechanism.Equals(allowed, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Whether the mechanism that binds to the channel is offered: there must be something to bind to.</summary>
    public static bool OffersPlus(TlsFacts? tls, ImapOptions options) => tls is { Bindings.IsEmpty: false } && Allows(SaslMechanisms.ScramSha256Plus, options);

    /// <summary>The mechanisms as capabilities, strongest first; <see langword="null"/> for none.</summary>
    public static string? Offer(TlsFacts? tls, ImapOptions options)
    {
        if (!MaySignIn(tls, options))
            return null;
        var names = SaslMechanisms.All.Where(name => Allows(name, options) && (name != SaslMechanisms.ScramSha256Plus || OffersPlus(tls, options)));
        return string.Join(' ', names.Select(name => $"AUTH={name}")) is { Length: > 0 } text ? text : null;
    }
}
