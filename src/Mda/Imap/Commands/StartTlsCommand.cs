using System.Security.Authentication;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>STARTTLS: encryption from here on (RFC 9051 §6.2.1).</summary>
internal sealed class StartTlsCommand(ILogger<ImapServer> log, IServerTls? tls = null) : IImapCommand
{
    public string Name => "STARTTLS";

    public ImapStates AllowedIn => ImapStates.NotAuthenticated;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (line.HasArguments)
            return ImapAnswers.NoArguments;

        // Nothing is put under a layer that is there already: after COMPRESS and UNAUTHENTICATE it is too late (RFC 4978 §3).
        if (session.Connection.IsCompressed)
            return ImapAnswer.Bad("It is compressed already.");

        if (session.Connection.Tls is not null)
            return ImapAnswer.Bad("TLS is on already.");

        if (tls is not { IsAvailable: true })
            return ImapAnswer.No("There is no certificate for now.", "UNAVAILABLE");

        // What was pipelined behind STARTTLS in clear may be a third party's; it goes before the answer, for after it a ClientHello may come.
        session.Connection.DiscardReceived();
        session.Writer.Answer(line.Tag.Span, ImapAnswer.Ok("Begin TLS."));
        try
        {
            await session.Connection.UpgradeToTlsAsync(tls);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            log.TlsFailed(session.Peer, e.Message);
            throw new ClientGoneException(e.Message);
        }

        return ImapAnswer.Told;
    }
}
