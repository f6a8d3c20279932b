using System.Net.Security;

namespace MailSuite.Shared.LineProtocol;

/// <summary>The certificates and the rules with which our servers answer a TLS handshake. The Host implements it; all protocols ask it.</summary>
public interface IServerTls
{
    /// <summary>Whether there is a certificate now; without one STARTTLS is not offered and hears 454 (RFC 3207 §4).</summary>
    bool IsAvailable { get; }

    /// <summary>The options for one handshake; asked anew each time, so that a renewed certificate is used without a restart.</summary>
    /// <param name="serverName">The name that the client asked for (RFC 6066 §3); empty when it named none.</param>
    /// <returns>Options that may be shared by handshakes: the caller changes nothing in them.</returns>
    SslServerAuthenticationOptions ForHandshake(string serverName);
}
