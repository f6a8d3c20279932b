using System.Security.Authentication;
using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>STARTTLS: encryption from here on, and everything said before is forgotten (RFC 3207 §4).</summary>
internal sealed class StartTlsCommand(IServerTls? tls, ILogger<SmtpServer> log) : ISmtpCommand
{
    public string Verb => StartTlsExtension.Keyword;

    public string Syntax => "STARTTLS";

    public SmtpStates AllowedIn => SmtpStates.Ready;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (arguments.Length > 0)
            return SmtpReplies.NoArguments;

        if (session.Tls is not null)
            return SmtpReplies.AlreadyTls;

        if (tls is null)
            return SmtpReplies.NotOffered;

        if (!tls.IsAvailable)
            return SmtpReplies.TlsUnavailable;

        // What was pipelined behind STARTTLS in clear may be a third party's; it goes before the 220, for after it a ClientHello may come (RFC 3207 §6).
        session.Connection.DiscardReceived();
        session.Connection.Write(SmtpReplies.ReadyForTls);
        try
        {
            await session.Connection.UpgradeToTlsAsync(tls);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            log.TlsFailed(session.Peer, e.Message);
            session.Connection.Abandon();
            return null;
        }

        session.StartOver();
        return null;
    }
}
