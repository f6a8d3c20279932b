using MailSuite.Mta.Delivery;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Queue;

/// <summary>Sends the mail of domains over the connection by which their host came for it, until nothing more is due.</summary>
internal sealed partial class TurnedDelivery(DeliveryAttempt attempt, ClientConditions conditions, ILogger<TurnedDelivery> logger)
{
    /// <summary>Sends it, takes leave and closes.</summary>
    /// <param name="loan">The mail. What the other side does not take goes back to the queue.</param>
    /// <param name="host">What the host called itself.</param>
    /// <param name="peer">Its name and address.</param>
    /// <param name="stopping">The program ends: a message that is being sent is sent to its end, no other is begun.</param>
    public async Task RunAsync(QueueLoan loan, IMailTransport transport, string host, string peer, string verb, CancellationToken stopping)
    {
        await using var client = new ClientSession(transport, new NextHost(host, null, 0, TurnedSession.TransportOf(verb), TlsPolicy.None), conditions);
        var session = new TurnedSession(client, host, peer, verb);
        var messages = 0;
        try
        {
            if (await session.OpenAsync(stopping) is { } reason)
                LogNotOpened(peer, verb, reason);

            while (session.IsUsable && await loan.NextAsync() is { } ready)
            {
                var result = AttemptResult.Nothing;
                try
                {
                    result = await attempt.RunAsync(ready, session, stopping);
                    messages++;
                }
                finally
                {
                    loan.Done(ready, result);
                }

                stopping.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends; what has not gone is asked for again.
        }

        await session.QuitAsync();
        LogEnded(peer, verb, messages);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Peer}: turned with {Verb}, and then took no mail: {Reason}")]
    private partial void LogNotOpened(string peer, string verb, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Peer}: the session turned with {Verb} is over after {Messages} messages")]
    private partial void LogEnded(string peer, string verb, int messages);
}
