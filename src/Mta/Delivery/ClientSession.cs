using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.Status;
using MimeKit;

namespace MailSuite.Mta.Delivery;

/// <summary>Our side of one SMTP or LMTP session: greeting, EHLO, STARTTLS, AUTH, transactions, QUIT (RFC 5321 §3, RFC 2033).</summary>
internal sealed class ClientSession(IMailTransport transport, NextHost host, ClientConditions conditions) : IAsyncDisposable
{
    private readonly RelayOptions _options = conditions.Options.Relay;
    private readonly Dialogue _dialogue = new(transport, conditions.Limits, conditions.Clock);
    private readonly HashSet<Domain> _domains = [];
    private readonly long _openedAt = conditions.Clock.GetTimestamp();
    private ServerExtensions _extensions = ServerExtensions.None;
    private string? _certificateFault;
    private bool _isTransactionOpen;
    private bool _isSignedIn;

    public NextHost Host => host;

    /// <summary>What we have connected; <see langword="null"/> where the other side did.</summary>
    public Connection.Made? Connection { get; init; }

    /// <summary>Name, address and port.</summary>
    public string Peer => Connection is { } made ? host.At(made.End) : host.Name;

    /// <summary>Whether the host has said nothing unasked, and has not closed.</summary>
    public bool IsQuiet => transport.DiscardReceived() == 0 && (Connection?.IsQuiet ?? true);

    public Transcript Transcript => _dialogue.Transcript;

    public TlsFacts? Tls => transport.Tls is { } tls ? tls with { PeerVerified = _certificateFault is null } : null;

    /// <summary>What protects it, and why not more: a clause.</summary>
    public string Security { get; private set; } = transport.Tls is { } tls ? Over(tls) : "without TLS";

    /// <summary>Transactions begun in it.</summary>
    public int Transactions { get; private set; }

    /// <summary>Messages that have gone, or tried to go, over it.</summary>
    public int Messages { get; private set; }

    public DateTimeOffset OpenedAt { get; } = conditions.Clock.GetUtcNow();

    /// <summary>How old it is, however the clock of the wall is moved.</summary>
    public TimeSpan Age => conditions.Clock.GetElapsedTime(_openedAt);

    /// <summary>Whether MAIL can follow once more, as far as the host has told (RFC 9422 §5.1).</summary>
    public bool HasTransactions => _extensions.MaxTransactions == 0 || Transactions < _extensions.MaxTransactions;

    /// <summary>Whether a recipient's domain may still be named in this session (RFC 9422 §5.3).</summary>
    public bool Admits(Domain domain) => _extensions.MaxDomains == 0 || _domains.Count < _extensions.MaxDomains || _domains.Contains(domain);

    /// <summary>Goes as far as the first MAIL could follow.</summary>
    /// <param name="useTls">Whether TLS may be used at all.</param>
    /// <exception cref="DialogueBrokenException">The host is gone.</exception>
    public async Task<SessionOpening> OpenAsync(bool useTls, CancellationToken cancellationToken)
    {
        if (host.Transport.ImplicitTls && await TryHandshakeAsync(cancellationToken) is { } broken)
            return Lacking(StatusCodes.CryptographicFailureForNow, $"TLS with {host.Name} does not come about: {broken}.");

        var greeting = await _dialogue.ReadReplyAsync(_options.ReplyTimeout, cancellationToken);
        if (!greeting.IsPositive)
            return new SessionOpening.Refused(greeting);

        if (await HelloAsync(cancellationToken) is { } refused)
            return refused;

        if (!useTls && host.Tls != TlsPolicy.None)
            Security = "without TLS, which it offered and which did not work";
        if (useTls && transport.Tls is null && await StartTlsAsync(cancellationToken) is { } opening)
            return opening;

        return host.Transport.Credentials is { } credentials ? await SignInAsync(credentials, cancellationToken) : new SessionOpening.Ready();
    }

    /// <summary>Lets another message go over it, whose transcript shows its own part only.</summary>
    public void TurnPage() =>
        _dialogue.TurnPage($"the connection of {OpenedAt:HH:mm:ss} UTC is used again, for its message {Messages + 1}, {Security}");

    /// <summary>Sends a message to its recipients, in as many transactions as the host needs for them (RFC 5321 §4.5.3.1.10, RFC 9422).</summary>
    /// <param name="delivered">
    /// Called as soon as the host has answered 250 to the dot. It makes the success durable. It is not called again before it has ended.
    /// </param>
    public async Task<SessionResult> DeliverAsync(
        OutboundMessage message, IReadOnlyList<QueuedRecipient> recipients, Func<IReadOnlyList<RecipientResult>, Task> delivered, CancellationToken cancellationToken)
    {
        Messages++;
        var results = new List<RecipientResult>();
        var waiting = recipients;
        var committing = Task.CompletedTask;
        var (isUsable, isFruitless) = (true, true);
        for (var transactions = 0; transactions < conditions.Limits.MaxTransactions && waiting.Count > 0 && HasTransactions; transactions++)
        {
            var asked = Admitted(waiting);
            if (asked.Count == 0)
                break;

            TransactionResult transaction;
            try
            {
                // One that is still open would have the next MAIL refused for ever (RFC 5321 §4.1.4), and with it recipients whom nobody has judged.
                if (!await ResetAsync(cancellationToken))
                {
                    isUsable = false;
                    break;
                }

                Transactions++;
                transaction = await SendAsync(message, asked, cancellationToken);
            }
            catch
            {
                // What the host has taken before must be on disk whatever ends this.
                await committing;
                throw;
            }

            var taken = transaction.Results.Where(result => result.Outcome.Kind == OutcomeKind.Delivered).ToList();
            _isTransactionOpen = transaction.IsOpen;
            if (taken.Count > 0)
                committing = CommitAsync(committing, delivered, taken);

            isFruitless = isFruitless && transaction.IsFruitless;
            isUsable = transaction.SessionUsable;
            results.RemoveAll(result => transaction.Results.Any(later => later.Recipient.Key == result.Recipient.Key));
            results.AddRange(transaction.Results);
            waiting = [.. transaction.Surplus, .. waiting.Skip(asked.Count)];
            // Without progress the next transaction would hear the same.
            if (!isUsable || transaction.Surplus.Count == asked.Count)
                break;
        }

        var untold = RecipientOutcome.Deferred(StatusCodes.TooManyRecipients, $"{host.Name} takes only so many recipients in one session.") with { RemoteHost = host.Name };
        results.AddRange(waiting.Where(recipient => results.TrueForAll(result => result.Recipient.Key != recipient.Key)).Select(recipient => new RecipientResult(recipient, untold)));
        return new SessionResult(results, waiting, isUsable, isFruitless, committing);
    }

    /// <summary>Asks whether the host would take a recipient of a report, and sends nothing.</summary>
    /// <returns>Its reply to RCPT; <see langword="null"/> when it did not come to that.</returns>
    /// <exception cref="DialogueBrokenException">The host is gone.</exception>
    public async Task<RemoteReply?> AskAsync(EnvelopeAddress recipient, CancellationToken cancellationToken)
    {
        if (!recipient.IsAscii && !_extensions.SmtpUtf8)
            return null;

        _isTransactionOpen = true;
        var mail = await _dialogue.AskAsync(recipient.IsAscii ? "MAIL FROM:<>" : "MAIL FROM:<> SMTPUTF8", _options.ReplyTimeout, cancellationToken);
        return mail.IsPositive ? await _dialogue.AskAsync($"RCPT TO:<{recipient}>", _options.ReplyTimeout, cancellationToken) : null;
    }

    /// <summary>Sees to it that MAIL can follow: a transaction that came to nothing may still be open for the host.</summary>
    /// <returns>Whether it can.</returns>
    public async Task<bool> ResetAsync(CancellationToken cancellationToken)
    {
        if (!NeedsReset)
            return true;

        try
        {
            _isTransactionOpen = false;
            return (await _dialogue.AskAsync("RSET", _options.ReplyTimeout, cancellationToken)).IsPositive;
        }
        catch (DialogueBrokenException)
        {
            return false;
        }
    }

    /// <summary>Whether <see cref="ResetAsync"/> has something to do.</summary>
    public bool NeedsReset => _isTransactionOpen;

    /// <summary>Takes leave. What the host says to it changes nothing.</summary>
    /// <param name="hurry">From then on the reply is not waited for.</param>
    public async Task QuitAsync(CancellationToken hurry = default)
    {
        try
        {
            _dialogue.Write("QUIT");
            await _dialogue.FlushAsync(conditions.Limits.QuitTimeout, CancellationToken.None);
            await _dialogue.ReadReplyAsync(conditions.Limits.QuitTimeout, hurry);
        }
        catch (DialogueBrokenException)
        {
            // It left first.
        }
        catch (OperationCanceledException)
        {
            // It will find the connection closed.
        }
    }

    public ValueTask DisposeAsync() => _dialogue.DisposeAsync();

    /// <summary>One commit after the other, each begun as early as that allows: they tell one attempt.</summary>
    private static async Task CommitAsync(Task earlier, Func<IReadOnlyList<RecipientResult>, Task> delivered, IReadOnlyList<RecipientResult> taken)
    {
        await earlier;
        await delivered(taken);
    }

    /// <summary>The recipients that the next transaction may name, from the front.</summary>
    private List<QueuedRecipient> Admitted(IReadOnlyList<QueuedRecipient> waiting)
    {
        var most = _extensions.MaxRecipients == 0 ? conditions.Limits.MaxRecipients : Math.Min(conditions.Limits.MaxRecipients, _extensions.MaxRecipients);
        var asked = new List<QueuedRecipient>((int)Math.Min(most, waiting.Count));
        foreach (var recipient in waiting)
        {
            if (asked.Count == most || !Admits(recipient.Address.Domain))
                break;
            if (_extensions.MaxDomains > 0)
                _domains.Add(recipient.Address.Domain);
            asked.Add(recipient);
        }

        return asked;
    }

    /// <summary>Runs one transaction, with the message re-coded where the host cannot take it as it is.</summary>
    private async Task<TransactionResult> SendAsync(OutboundMessage message, IReadOnlyList<QueuedRecipient> recipients, CancellationToken cancellationToken)
    {
        if (message.ConversionFor(_extensions) is not { } constraint)
            return await TransactAsync(message, recipients, cancellationToken);

        using var converted = new IncomingMessage(conditions.Room, conditions.Options.SpillOctets, message.Content.Octets);
        MessageOctets? octets;
        try
        {
            octets = await ContentConversion.TryAsync(message.Content, constraint, converted, cancellationToken);
        }
        catch (IOException e)
        {
            var outcome = RecipientOutcome.Deferred(StatusCodes.SystemStorageFull, $"The message has to be re-coded for {host.Name}, for which there is no room now: {e.Message}");
            return new TransactionResult([.. recipients.Select(recipient => new RecipientResult(recipient, outcome))], [], SessionUsable: true, IsFruitless: false);
        }

        if (octets is null)
            return await TransactAsync(message, recipients, cancellationToken);

        Transcript.Note(fromClient: true, $"message re-coded to {(constraint == EncodingConstraint.SevenBit ? "7bit" : "8bit")}, which is what {host.Name} takes");
        return await TransactAsync(message with { Content = converted, Octets = octets, Body = BodyType.EightBitMime }, recipients, cancellationToken);
    }

    private Task<TransactionResult> TransactAsync(OutboundMessage message, IReadOnlyList<QueuedRecipient> recipients, CancellationToken cancellationToken) =>
        new ClientTransaction(_dialogue, _extensions, host, _isSignedIn, _options, conditions.Clock, message, recipients).RunAsync(cancellationToken);

    private async Task<SessionOpening?> HelloAsync(CancellationToken cancellationToken)
    {
        var name = conditions.Options.HostName.Ascii;
        var isLmtp = host.Transport.Protocol == RelayProtocol.Lmtp;
        var reply = await _dialogue.AskAsync($"{(isLmtp ? "LHLO" : "EHLO")} {name}", _options.ReplyTimeout, cancellationToken);
        if (reply.IsPositive)
        {
            if (!isLmtp && IsOurselves(reply))
                return new SessionOpening.Loop(StatusCodes.RoutingLoop, $"{host.Name} says that it is {name}, which is this host: the mail would come back.");
            _extensions = ServerExtensions.Read(reply.Lines);
            return null;
        }

        if (!reply.IsPermanent || isLmtp)
            return new SessionOpening.Refused(reply);

        // A server of RFC 821's time (RFC 5321 §3.2).
        reply = await _dialogue.AskAsync($"HELO {name}", _options.ReplyTimeout, cancellationToken);
        return reply.IsPositive ? null : new SessionOpening.Refused(reply);
    }

    private bool IsOurselves(RemoteReply reply)
    {
        var name = reply.Lines[0].AsSpan();
        var end = name.IndexOf(' ');
        return (end < 0 ? name : name[..end]).Equals(conditions.Options.HostName.Ascii, StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>What ends the opening; <see langword="null"/> when it goes on, with TLS or without.</returns>
    private async Task<SessionOpening?> StartTlsAsync(CancellationToken cancellationToken)
    {
        var isRequired = host.Tls >= TlsPolicy.Encrypt;
        if (!_extensions.StartTls)
        {
            Security = "without TLS, which it does not offer";
            return isRequired ? Lacking(StatusCodes.SecurityFeatureMissingForNow, $"TLS is required for {host.Name}, and it does not offer it (no STARTTLS).") : null;
        }

        var ready = await _dialogue.AskAsync("STARTTLS", _options.ReplyTimeout, cancellationToken);
        if (ready.Code == RemoteReply.Closing)
            return new SessionOpening.Refused(ready);
        if (!ready.IsPositive)
        {
            Security = "without TLS, which it offered and then refused";
            return isRequired ? Lacking(StatusCodes.SecurityFeatureMissingForNow, $"TLS is required for {host.Name}, and it refused it.", ready) : null;
        }

        // What came in clear behind the 220 did not come from the host (RFC 3207 §6).
        transport.DiscardReceived();
        if (await TryHandshakeAsync(cancellationToken) is { } failure)
        {
            return isRequired
                ? Lacking(StatusCodes.CryptographicFailureForNow, $"TLS is required for {host.Name}, and it does not come about: {failure}.")
                : new SessionOpening.TlsFailed(failure);
        }

        // All that was offered in clear is forgotten (RFC 3207 §4.2).
        _extensions = ServerExtensions.None;
        return await HelloAsync(cancellationToken);
    }

    private async Task<SessionOpening> SignInAsync(RelayCredentials credentials, CancellationToken cancellationToken)
    {
        var signIn = new SignIn(_dialogue, host, credentials, transport, _options.ReplyTimeout);
        var opening = await signIn.RunAsync(_extensions, cancellationToken);
        _isSignedIn = opening is SessionOpening.Ready;
        return opening;
    }

    private static string Over(TlsFacts tls) => $"over {tls.Protocol}, {tls.CipherSuite}";

    private static SessionOpening.Lacking Lacking(EnhancedStatusCode status, string reason, RemoteReply? reply = null) => new(status, reason, reply);

    /// <returns>Why it did not come about, as a clause; <see langword="null"/> when it did.</returns>
    private async Task<string?> TryHandshakeAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_options.ReplyTimeout, conditions.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var judge = new CertificateJudge(host, conditions.Roots);
        var client = new SslClientAuthenticationOptions
        {
            TargetHost = host.CertificateName,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = judge.Judge,
        };
        try
        {
            await transport.UpgradeToTlsAsync(client, either.Token);
            _certificateFault = judge.Fault;
            Security = $"{Over(transport.Tls!)}, certificate {(judge.Fault is null ? "verified" : $"not verified: {judge.Fault}")}";
            Transcript.Note(fromClient: true, Security);
            return null;
        }
        catch (Exception e) when (e is AuthenticationException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var why = e is OperationCanceledException ? $"no answer within {_options.ReplyTimeout}"
                : host.Tls == TlsPolicy.Verify && judge is { HasSeen: true, Fault: { } fault } ? $"its certificate is not accepted: {fault}"
                : e.Message.TrimEnd('.');
            Transcript.Note(fromClient: true, $"the TLS handshake failed: {why}");
            return why;
        }
    }
}
