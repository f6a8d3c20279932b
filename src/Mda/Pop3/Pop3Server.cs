using System.Net;
using System.Security.Authentication;
using MailSuite.Mda.Metrics;
using MailSuite.Mda.Pop3.Replies;
using MailSuite.Mda.Sessions;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Pop3;

/// <summary>Makes a session of each connection, within the limits of how many.</summary>
internal sealed class Pop3Server(Pop3CommandTable commands, Maildrops maildrops, MdaOptions options, TimeProvider clock, ILogger<Pop3Server> log, IServerTls? tls = null) : IPop3Server
{
    private readonly SessionGate _gate = new(options.Pop3.MaxSessions, options.Pop3.MaxSessionsPerAddress);

    public async Task ServeAsync(IMailTransport transport, bool implicitTls, CancellationToken stopping)
    {
        var address = (transport.RemoteEndPoint as IPEndPoint)?.Address;
        var entry = _gate.Enter(address);
        Pop3Meter.SessionAsked(entry == SessionEntry.Entered);
        try
        {
            await using var connection = new Pop3Connection(transport, options.Pop3, clock, stopping);
            if (entry != SessionEntry.Entered)
                await RefuseAsync(connection, address, implicitTls, entry);
            else if (!implicitTls || await EncryptAsync(connection, address))
                await new Pop3Session(connection, address, commands, maildrops, options.Pop3, log).RunAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client is gone.
        }
        catch (Exception e)
        {
            log.SessionFailed(e, address);
        }
        finally
        {
            if (entry == SessionEntry.Entered)
            {
                _gate.Leave(address);
                Pop3Meter.SessionEnded();
            }
        }
    }

    private async ValueTask RefuseAsync(Pop3Connection connection, IPAddress? address, bool implicitTls, SessionEntry entry)
    {
        log.SessionRefused(address, entry);

        // Where TLS comes first a refusal would cost a handshake, which is what is short just now.
        if (implicitTls)
            return;

        connection.Write(entry == SessionEntry.TooMany ? Pop3Replies.TooManySessions : Pop3Replies.TooManySessionsOfClient);
        await connection.FinishAsync();
    }

    /// <returns>Whether the session can begin.</returns>
    private async ValueTask<bool> EncryptAsync(Pop3Connection connection, IPAddress? address)
    {
        if (tls is not { IsAvailable: true })
        {
            log.TlsFailed(address, "there is no certificate");
            return false;
        }

        try
        {
            await connection.UpgradeToTlsAsync(tls);
            return true;
        }
        catch (AuthenticationException e)
        {
            log.TlsFailed(address, e.Message);
            return false;
        }
    }
}
