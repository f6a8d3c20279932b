using System.Security.Authentication;
using MailSuite.Mda.Imap.Capabilities;
using MailSuite.Mda.Metrics;
using MailSuite.Mda.Sessions;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Imap;

/// <summary>Makes a session of each connection, within the limits of how many.</summary>
internal sealed class ImapServer(ImapCommandTable commands, ImapCapabilities capabilities, ImapOptions options, TimeProvider clock, ILogger<ImapServer> log, IServerTls? tls = null) : IImapServer
{
    private readonly SessionGate _gate = new(options.MaxSessions, options.MaxSessionsPerAddress);
    private readonly AccountGate _accounts = new(options.MaxSessionsPerAccount);

    public async Task ServeAsync(IMailTransport transport, bool implicitTls, CancellationToken stopping)
    {
        await using var connection = new ImapConnection(transport, options, clock, stopping);
        var address = connection.Address;
        var shown = $"[{address?.ToString() ?? "local"}]";
        var mayEnter = _gate.Enter(address) == SessionEntry.Entered;
        ImapMeter.SessionAsked(mayEnter);
        if (!mayEnter)
        {
            log.SessionRefused(shown, "too many sessions");
            await RefuseAsync(connection, implicitTls);
            return;
        }

        try
        {
            if (!implicitTls || await EncryptAsync(connection, shown))
                await new ImapSession(connection, commands, capabilities, _accounts, options, clock, log).RunAsync();
        }
        catch (Exception e) when (e is ClientGoneException or IOException or OperationCanceledException)
        {
            // The client is gone.
        }
        catch (Exception e)
        {
            log.SessionFailed(e, shown);
        }
        finally
        {
            _gate.Leave(address);
            ImapMeter.SessionEnded();
        }
    }

    private static async ValueTask RefuseAsync(ImapConnection connection, bool implicitTls)
    {
        // Where TLS comes first a refusal would cost a handshake, which is what is short just now.
        if (implicitTls)
            return;

        try
        {
            connection.Writer.Untagged("BYE [LIMIT] Too many sessions. Try later.");
            await connection.FinishAsync();
        }
        catch (ClientGoneException)
        {
            // It did not wait for it.
        }
    }

    /// <returns>Whether the session can begin.</returns>
    private async ValueTask<bool> EncryptAsync(ImapConnection connection, string peer)
    {
        if (tls is not { IsAvailable: true })
        {
            log.TlsFailed(peer, "there is no certificate");
            return false;
        }

        try
        {
            await connection.UpgradeToTlsAsync(tls);
            return true;
        }
        catch (AuthenticationException e)
        {
            log.TlsFailed(peer, e.Message);
            return false;
        }
    }
}
