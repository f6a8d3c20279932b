using MailSuite.Shared.LineProtocol;

namespace MailSuite.Shared.Contracts.Mta;

/// <summary>Speaks the receiving side of SMTP on a connection. Mta implements it; the Host calls it for each connection of its listeners.</summary>
public interface ISmtpServer
{
    /// <summary>Serves one connection from the greeting to its close; the caller disposes the transport afterwards.</summary>
    /// <param name="stopping">
    /// The program is about to end: a session that waits for the client is told 421 (RFC 5321 §3.8), one that has mail in hand finishes it.
    /// </param>
    Task ServeAsync(IMailTransport transport, SmtpRole role, CancellationToken stopping);
}

/// <summary>What a listener is for.</summary>
public enum SmtpRole
{
    /// <summary>Mail from anywhere for our own domains (RFC 5321).</summary>
    Mx,

    /// <summary>Mail from our own people, who authenticate, for anywhere (RFC 6409).</summary>
    Submission,

    /// <summary>The same, with TLS from the first octet (RFC 8314 §3.3).</summary>
    ImplicitTlsSubmission,

    /// <summary>Hosts that fetch the mail of their domains by ATRN, and nothing else (RFC 2645).</summary>
    Odmr,

    /// <summary>Mail from an MTA beside us for mailboxes here, answered for each recipient by itself and never queued (RFC 2033).</summary>
    Lmtp,

    /// <summary>Mail from a program of this machine that may say so, for anywhere, as if it had authenticated (<c>sendmail -bs</c>). No listener has it.</summary>
    Local,
}
