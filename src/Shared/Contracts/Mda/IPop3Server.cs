using MailSuite.Shared.LineProtocol;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>Serves mailboxes over POP3. Mda implements it; the Host calls it for each connection of its listeners.</summary>
public interface IPop3Server
{
    /// <summary>Serves one connection from the greeting to its close; the caller disposes the transport afterwards.</summary>
    /// <param name="implicitTls">Whether TLS comes with the first octet (RFC 8314 §3.2).</param>
    /// <param name="stopping">The program is about to end: a session that waits for the client ends, and removes nothing; one that is at QUIT finishes it.</param>
    Task ServeAsync(IMailTransport transport, bool implicitTls, CancellationToken stopping);
}
