using MailSuite.Shared.LineProtocol;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>Speaks the serving side of IMAP on a connection. Mda implements it; the Host calls it for each connection of its listeners.</summary>
public interface IImapServer
{
    /// <summary>Serves one connection from the greeting to its close; the caller disposes the transport afterwards.</summary>
    /// <param name="implicitTls">Whether TLS comes first (RFC 8314 §3.2).</param>
    /// <param name="stopping">The program is about to end: the session ends with BYE as soon as the command in hand is done.</param>
    Task ServeAsync(IMailTransport transport, bool implicitTls, CancellationToken stopping);
}
