using System.Net.Security;

namespace MailSuite.Shared.LineProtocol;

/// <summary>The certificate and the rules with which our servers answer a TLS handshake. The Host implements it; all protocols ask it.</summary>
public interface IServerTls
{
    /// <summary>Whether there is a certificate; without one STARTTLS is not offered.</summary>
    bool IsAvailable { get; }

    /// <summary>The options for one handshake; asked anew each time, so that a renewed certificate is used without a restart.</summary>
    SslServerAuthenticationOptions ForHandshake();
}
