using MailSuite.Mta.Queue;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp;

/// <summary>Turns a session: after our 250 we are the client and the other side is the server, as if the connection had just been opened (RFC 821 §4.1.1, RFC 2645 §5.3).</summary>
internal sealed class RoleReversal(HeldDomains held, RelayQueue queue, SpoolStore spool, TurnedDelivery delivery, TimeProvider clock)
{
    /// <returns>Why not; <see langword="null"/> when the session has been turned and is over.</returns>
    public async ValueTask<SmtpReply?> TurnAsync(SmtpSession session, IReadOnlyList<Domain> domains, string verb, bool refuseWithoutMail)
    {
        List<string> destinations = [.. domains.Select(domain => domain.Ascii)];
        if (!held.TryAsk(destinations))
            return SmtpReplies.TurnedTooOften;

        if (refuseWithoutMail && destinations.All(destination => spool.Reader.CountWaiting(destination, clock.GetUtcNow(), limit: 1) == 0))
            return SmtpReplies.NoMail;

        using var loan = await queue.LendAsync(destinations);
        if (loan is null)
            return SmtpReplies.TurnedElsewhere;

        await queue.RunNowAsync(destinations, CancellationToken.None);
        session.Connection.Write(SmtpReplies.Turning);
        // Its dialogue is told with the messages that it brings.
        var transport = await session.Connection.HandOverAsync();
        await delivery.RunAsync(loan, transport, session.Client.Name!, session.Peer, verb, session.Connection.Stopping);
        return null;
    }
}
