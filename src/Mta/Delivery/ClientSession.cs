using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.Status;
using MimeKit;

namespace MailSuite.Mta.Delivery;

/// <summary>Our side of one SMTP session: greeting, EHLO, STARTTLS where offered, transactions, QUIT (RFC 5321 §3).</summary>
/// <param name="host">The name under which we found it.</param>
/// <param name="room">For a message that has to be re-coded.</param>
internal sealed class ClientSession(IMailTransport transport, string host, MtaOptions options, DeliveryLimits limits, IncomingDirectory room, TimeProvider clock) : IAsyncDisposable
{
    private readonly Dialogue _dialogue = new(transport, limits, clock);
    private ServerExtensions _extensions = ServerExtensions.None;
    private bool _isTransactionOpen;

    public Transcript Transcript => _dialogue.Transcript;

    public TlsFacts? Tls => transport.Tls;

    /// <summary>Goes as far as the first MAIL could follow.</summary>
    /// <exception cref="DialogueBrokenException">The host is gone.</exception>
    public async Task<SessionOpening> OpenAsync(bool useTls, CancellationToken cancellationToken)
    {
        var greeting = await _dialogue.ReadReplyAsync(options.Relay.ReplyTimeout, cancellationToken);
        if (!greeting.IsPositive)
            return new SessionOpening.Refused(greeting);

        if (await HelloAsync(cancellationToken) is { } refused)
            return refused;

        if (!useTls || !_extensions.StartTls)
            return new SessionOpening.Ready();

        var ready = await _dialogue.AskAsync("STARTTLS", options.Relay.ReplyTimeout, cancellationToken);
        if (ready.Code == RemoteReply.Closing)
            return new SessionOpening.Refused(ready);
        if (!ready.IsPositive)
            return new SessionOpening.Ready();

        // What came in clear behind the 220 did not come from the host (RFC 3207 §6).
        transport.DiscardReceived();
        if (await TryHandshakeAsync(cancellationToken) is { } failure)
            return new SessionOpening.TlsFailed(failure);

        // All that was offered in clear is forgotten (RFC 3207 §4.2).
        _extensions = ServerExtensions.None;
        return await HelloAsync(cancellationToken) ?? new SessionOpening.Ready();
    }

    /// <summary>Sends a message to its recipients, in as many transactions as the host needs for them (RFC 5321 §4.5.3.1.10).</summary>
    /// <param name="delivered">
    /// Called as soon as the host has answered 250 to the dot, before anything else is said to it; awaited. It makes the success durable.
    /// </param>
    /// <returns>For each recipient the last word, and whether another message can follow.</returns>
    public async Task<(IReadOnlyList<RecipientResult> Results, bool IsUsable)> DeliverAsync(
        OutboundMessage message, IReadOnlyList<QueuedRecipient> recipients, Func<IReadOnlyList<RecipientResult>, Task> delivered, CancellationToken cancellationToken)
    {
        var results = new List<RecipientResult>();
        for (var transactions = 0; transactions < limits.MaxTransactions && recipients.Count > 0; transactions++)
        {
            var transaction = await SendAsync(message, recipients, cancellationToken);
            var taken = transaction.Results.Where(result => result.Outcome.Kind == OutcomeKind.Delivered).ToList();
            _isTransactionOpen = taken.Count == 0;
            if (taken.Count > 0)
                await delivered(taken);

            results.RemoveAll(result => transaction.Results.Any(later => later.Recipient.Key == result.Recipient.Key));
            results.AddRange(transaction.Results);
            if (!transaction.SessionUsable)
                return (results, false);
            // Without progress the next transaction would hear the same.
            if (transaction.Surplus.Count == recipients.Count)
                break;
            recipients = [.. transaction.Surplus];
        }

        return (results, true);
    }

    /// <summary>Sees to it that MAIL can follow: a transaction that came to nothing may still be open for the host.</summary>
    /// <returns>Whether it can.</returns>
    public async Task<bool> ResetAsync(CancellationToken cancellationToken)
    {
        if (!_isTransactionOpen)
            return true;

        try
        {
            _isTransactionOpen = false;
            return (await _dialogue.AskAsync("RSET", options.Relay.ReplyTimeout, cancellationToken)).IsPositive;
        }
        catch (DialogueBrokenException)
        {
            return false;
        }
    }

    /// <summary>Takes leave. What the host says to it changes nothing.</summary>
    public async Task QuitAsync()
    {
        try
        {
            await _dialogue.AskAsync("QUIT", limits.QuitTimeout, CancellationToken.None);
        }
        catch (DialogueBrokenException)
        {
            // It left first.
        }
    }

    public ValueTask DisposeAsync() => transport.DisposeAsync();

    /// <summary>Runs one transaction, with the message re-coded where the host cannot take it as it is.</summary>
    private async Task<TransactionResult> SendAsync(OutboundMessage message, IReadOnlyList<QueuedRecipient> recipients, CancellationToken cancellationToken)
    {
        if (message.ConversionFor(_extensions) is not { } constraint)
            return await TransactAsync(message, recipients, cancellationToken);

        using var converted = new IncomingMessage(room, options.SpillOctets, message.Content.Octets);
        MessageOctets? octets;
        try
        {
            octets = await ContentConversion.TryAsync(message.Content, constraint, converted, cancellationToken);
        }
        catch (IOException e)
        {
            var outcome = RecipientOutcome.Deferred(StatusCodes.SystemStorageFull, $"The message has to be re-coded for {host}, for which there is no room now: {e.Message}");
            return new TransactionResult([.. recipients.Select(recipient => new RecipientResult(recipient, outcome))], [], SessionUsable: true);
        }

        if (octets is null)
            return await TransactAsync(message, recipients, cancellationToken);

        Transcript.Note(fromClient: true, $"message re-coded to {(constraint == EncodingConstraint.SevenBit ? "7bit" : "8bit")}, which is what {host} takes");
        return await TransactAsync(message with { Content = converted, Octets = octets, Body = BodyType.EightBitMime }, recipients, cancellationToken);
    }

    private Task<TransactionResult> TransactAsync(OutboundMessage message, IReadOnlyList<QueuedRecipient> recipients, CancellationToken cancellationToken) =>
        new ClientTransaction(_dialogue, _extensions, host, options.Relay, clock, message, recipients).RunAsync(cancellationToken);

    private async Task<SessionOpening?> HelloAsync(CancellationToken cancellationToken)
    {
        var reply = await _dialogue.AskAsync($"EHLO {options.HostName.Ascii}", options.Relay.ReplyTimeout, cancellationToken);
        if (reply.IsPositive)
        {
            if (IsOurselves(reply))
                return new SessionOpening.Loop(StatusCodes.RoutingLoop, $"{host} says that it is {options.HostName.Ascii}, which is this host: the mail would come back.");
            _extensions = ServerExtensions.Read(reply.Lines);
            return null;
        }

        if (!reply.IsPermanent)
            return new SessionOpening.Refused(reply);

        // A server of RFC 821's time (RFC 5321 §3.2).
        reply = await _dialogue.AskAsync($"HELO {options.HostName.Ascii}", options.Relay.ReplyTimeout, cancellationToken);
        return reply.IsPositive ? null : new SessionOpening.Refused(reply);
    }

    private bool IsOurselves(RemoteReply reply)
    {
        var name = reply.Lines[0].AsSpan();
        var end = name.IndexOf(' ');
        return (end < 0 ? name : name[..end]).Equals(options.HostName.Ascii, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string?> TryHandshakeAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.Relay.ReplyTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var client = new SslClientAuthenticationOptions
        {
            TargetHost = host.Trim('[', ']'),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            // Opportunistic (RFC 7435): any certificate is better than clear text, which is what refusing it would lead to. The
            // transport records whether it was good.
#pragma warning disable CA5359, MA0039
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359, MA0039
        };
        try
        {
            await transport.UpgradeToTlsAsync(client, either.Token);
            var tls = transport.Tls!;
            Transcript.Note(fromClient: true, $"{tls.Protocol}, {tls.CipherSuite}, certificate {(tls.PeerVerified ? "verified" : "not verified")}");
            return null;
        }
        catch (Exception e) when (e is AuthenticationException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Transcript.Note(fromClient: true, "the TLS handshake failed");
            return e.Message;
        }
    }
}
