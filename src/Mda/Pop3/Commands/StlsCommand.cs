using System.Security.Authentication;
using MailSuite.Mda.Pop3.Replies;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>STLS: encryption from here on, and everything said before is forgotten (RFC 2595 §4).</summary>
internal sealed class StlsCommand(ILogger<Pop3Server> log, IServerTls? tls = null) : IPop3Command
{
    public string Keyword => "STLS";

    public Pop3States AllowedIn => Pop3States.Authorization;

    public async ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (arguments.Length > 0)
            return Pop3Replies.NoArguments;
        if (session.Tls is not null)
            return Pop3Replies.AlreadyTls;
        if (tls is null)
            return Pop3Replies.TlsNotOffered;
        if (!tls.IsAvailable)
            return Pop3Replies.TlsUnavailable;

        // What was pipelined behind STLS in clear may be a third party's; it goes before the +OK, for after it a ClientHello may come.
        session.Connection.DiscardReceived();
        session.Connection.Write(Pop3Replies.ReadyForTls);
        session.UserName = null;
        try
        {
            await session.Connection.UpgradeToTlsAsync(tls);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            log.TlsFailed(session.Address, e.Message);
            session.Connection.Abandon();
        }

        return null;
    }
}
