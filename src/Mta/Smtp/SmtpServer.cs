using System.Net;
using System.Security.Authentication;
using MailSuite.Mta.Metrics;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Smtp;

/// <summary>Makes a session of each connection, within the limits of how many.</summary>
internal sealed class SmtpServer(SmtpCommandTable commands, SmtpJournal journal, PolicyChain policies, TrustedNetworks trusted, MtaOptions options, TimeProvider clock, ILogger<SmtpServer> log, IServerTls? tls = null) : ISmtpServer
{
    private readonly SessionGate _gate = new(options, trusted);

    public async Task ServeAsync(IMailTransport transport, SmtpRole role, CancellationToken stopping)
    {
        var address = (transport.RemoteEndPoint as IPEndPoint)?.Address;
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        var client = new SmtpClient(address, Name: null, IsExtended: false);
        var refusal = _gate.Enter(address);
        var place = new SessionPlace(_gate, address);
        if (refusal is null)
            MtaMeter.SessionBegan(role);
        else
            MtaMeter.SessionTurnedAway(role);
        try
        {
            await using var connection = new SmtpConnection(transport, options, clock, stopping);
            if (refusal is not null)
                await RefuseAsync(connection, client, role, refusal);
            else if (role != SmtpRole.ImplicitTlsSubmission || await EncryptAsync(connection, client))
                await new SmtpSession(connection, client, place, role, commands, journal, policies, trusted, options, log).RunAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client is gone.
        }
        catch (Exception e)
        {
            log.SessionFailed(e, client.ToString());
        }
        finally
        {
            if (refusal is null)
            {
                place.Leave();
                MtaMeter.SessionEnded(role);
            }
        }
    }

    private async ValueTask RefuseAsync(SmtpConnection connection, SmtpClient client, SmtpRole role, SmtpReply refusal)
    {
        log.SessionRefused(client.ToString(), refusal.ToString());

        // Where TLS comes first a refusal would cost a handshake, which is what is short just now.
        if (role == SmtpRole.ImplicitTlsSubmission)
            return;

        connection.Write(refusal);
        await connection.FinishAsync();
    }

    /// <returns>Whether the session can begin.</returns>
    private async ValueTask<bool> EncryptAsync(SmtpConnection connection, SmtpClient client)
    {
        if (tls is not { IsAvailable: true })
        {
            log.TlsFailed(client.ToString(), "there is no certificate");
            return false;
        }

        try
        {
            await connection.UpgradeToTlsAsync(tls);
            return true;
        }
        catch (AuthenticationException e)
        {
            log.TlsFailed(client.ToString(), e.Message);
            return false;
        }
    }
}
