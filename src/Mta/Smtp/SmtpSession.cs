using System.Diagnostics.CodeAnalysis;
using System.Text;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Commands;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Smtp;

/// <summary>One session: read a line, find its command, ask whether the state allows it, execute, reply. Knows no verb.</summary>
internal sealed class SmtpSession(SmtpConnection connection, SmtpClient client, SessionPlace place, SmtpRole role, SmtpCommandTable commands, SmtpJournal journal, PolicyChain policies, TrustedNetworks trusted, MtaOptions options, ILogger<SmtpServer> log)
{
    /// <summary>Lines of greeting that are shown with every transaction at most, so that a client that greets on and on leaves room for them.</summary>
    private const int MaxGreetingLines = 60;

    private SmtpTransaction? _transaction;
    private SmtpTransaction? _concluded;
    private bool _sawSecrets;
    private bool _isGreeting = true;
    private int _greetingLines;
    private int _errors;
    private int _idleCommands;
    private int _transactions;
    private int _authenticationFailures;
    private ClientFacts? _facts;

    public SmtpConnection Connection => connection;

    public SmtpRole Role => role;

    /// <summary>Who is on the other side, by name and address.</summary>
    public SmtpClient Client
    {
        get;
        private set
        {
            field = value;
            _facts = null;
        }
    } = client;

    /// <summary>For logs and journeys.</summary>
    public string Peer => Client.ToString();

    public TlsFacts? Tls => connection.Tls;

    /// <summary>Whether the message is its author's and may be mended (RFC 6409 §8), not one that is only passed on.</summary>
    public bool IsSubmission => role != SmtpRole.Lmtp && (role != SmtpRole.Mx || Account is not null);

    /// <summary>Who has authenticated.</summary>
    public Account? Account
    {
        get;
        private set
        {
            field = value;
            _facts = null;
        }
    }

    /// <summary>What policies may know of the client.</summary>
    public ClientFacts Facts => _facts ??= new ClientFacts(role, Client.Address, Client.Name, Client.IsExtended, Tls, Account, !Client.HidesItsAddress && trusted.Contains(Client.Address));

    /// <summary>What the policies said at connect and at EHLO.</summary>
    public PolicyRecord Record { get; private set; } = new();

    public SmtpStates State => _transaction is not null
        ? _transaction.Receiver is null ? SmtpStates.InTransaction : SmtpStates.InChunks
        : Client.Name is null ? SmtpStates.Connected : SmtpStates.Ready;

    /// <summary>What the chunks hear that are still to come of a message that is refused (RFC 3030 §2); forgotten with MAIL, RSET, EHLO.</summary>
    public ChunkRefusal? ChunkRefusal { get; set; }

    /// <summary>The open transaction; there is one where a command is allowed only <see cref="SmtpStates.InTransaction"/>.</summary>
    public SmtpTransaction Transaction => _transaction ?? throw new InvalidOperationException("No mail transaction is open.");

    public async Task RunAsync()
    {
        try
        {
            if (await WelcomeAsync())
            {
                while (await StepAsync())
                {
                }
            }

            await connection.FinishAsync();
        }
        finally
        {
            EndTransaction();
            ArrangeTranscript();
        }
    }

    /// <summary>EHLO or HELO: also the end of an open transaction (RFC 5321 §4.1.4).</summary>
    public void Greet(string name, bool extended)
    {
        EndTransaction();
        Client = Client.Greeted(name, extended);
        _isGreeting = true;
    }

    /// <summary>A greeting that a policy objects to was none: the client may try another name.</summary>
    public SmtpReply TakeBackGreeting(PolicyVerdict.Objection objection)
    {
        Client = Client.Ungreeted();
        return SmtpReplies.Of(objection);
    }

    /// <summary>After STARTTLS nothing that was said in clear counts (RFC 3207 §4.2).</summary>
    public void StartOver()
    {
        EndTransaction();
        Client = Client.Ungreeted();
        Account = null;
        _isGreeting = true;
    }

    /// <summary>After XCLIENT the session is another client's that has just connected: its limits count, and policies are asked about it.</summary>
    /// <returns>The greeting, or the last reply when that client may not come in.</returns>
    public async ValueTask<SmtpReply> BecomeAsync(SmtpClient client, Account? account)
    {
        if (place.MoveTo(client.Address) is { } refusal)
            return refusal;

        Client = client;
        Account = account;
        Record = new PolicyRecord();
        _errors = _idleCommands = _authenticationFailures = 0;
        _isGreeting = true;
        return await ReplyToConnectAsync();
    }

    /// <summary>XFORWARD: from whom the client had the message that comes next. Forgotten with the transaction.</summary>
    public void Forward(ClientAttributes origin) => Client = Client with { Origin = origin };

    public void Authenticate(Account account)
    {
        Account = account;
        _isGreeting = true;
    }

    /// <summary>Counts a MAIL command, whatever becomes of it (RFC 9422).</summary>
    /// <returns>How many there have been.</returns>
    public int CountTransaction() => ++_transactions;

    public int CountAuthenticationFailure() => ++_authenticationFailures;

    public void Begin(SmtpTransaction transaction)
    {
        ChunkRefusal = null;
        _transaction = transaction;
    }

    /// <summary>Ends the open transaction, if there is one; its journey is told as soon as the reply is written.</summary>
    public void EndTransaction()
    {
        ChunkRefusal = null;
        if (_transaction is null)
            return;

        _transaction.Dispose();
        _concluded = _transaction;
        _transaction = null;
    }

    /// <summary>Tells the journey of a transaction that was refused before it was open.</summary>
    public void Conclude(SmtpTransaction transaction) => _concluded = transaction;

    /// <summary>A delivered message makes up for earlier mistakes, as a mailing has some.</summary>
    public void ForgetErrors() => _errors = _idleCommands = 0;

    /// <summary>The reply to what is no line; <see langword="null"/> when nobody is there to hear one.</summary>
    public SmtpReply? ReplyToBrokenLine(LineOutcome outcome) => outcome switch
    {
        LineOutcome.TooLong => SmtpReplies.LineTooLong,
        LineOutcome.BareLineEnding => SmtpReplies.BareLineEnding,
        LineOutcome.Interrupted => connection.IsStopping ? SmtpReplies.Stopping : SmtpReplies.CommandTimeout,
        _ => null,
    };

    /// <returns>Whether the session goes on.</returns>
    private async ValueTask<bool> WelcomeAsync()
    {
        if (await TalksTooEarlyAsync())
        {
            log.PipeliningError(Peer, "the greeting");
            connection.Write(SmtpReplies.PipeliningError);
            return false;
        }

        var reply = await ReplyToConnectAsync();
        connection.Write(reply);
        ArrangeTranscript();
        return !reply.Closes;
    }

    private async ValueTask<SmtpReply> ReplyToConnectAsync()
    {
        if (await policies.AtConnectAsync(Facts, Record, CancellationToken.None) is not { } objection)
            return SmtpReplies.Greeting(options.HostName, role);

        log.ConnectRefused(Peer, Record.Decisions.Last().ToString());
        // DEVIATION: RFC 5321 §3.1 has the server wait for QUIT after a 554 in the place of a greeting; a stranger who was refused holds no place here.
        return SmtpReplies.NoGreeting(objection);
    }

    /// <summary>Whether a stranger says something before the greeting (RFC 5321 §4.3.1), which is also what a web browser does that was led here.</summary>
    private async ValueTask<bool> TalksTooEarlyAsync()
    {
        if (Facts.IsTrusted)
            return false;

        var delay = role == SmtpRole.Mx ? options.Strictness.GreetDelay : TimeSpan.Zero;
        if (!options.Strictness.RefusePipeliningErrors)
            return false;
        return !await connection.StaysSilentAsync(delay);
    }

    /// <returns>Whether the session goes on.</returns>
    private async ValueTask<bool> StepAsync()
    {
        if (connection.IsStopping)
        {
            connection.Write(SmtpReplies.Stopping);
            return false;
        }

        var line = await connection.ReadLineAsync();
        if (line.Outcome == LineOutcome.EndOfStream)
            return false;

        var reply = line.Outcome == LineOutcome.Line ? await ExecuteAsync(line.Octets) : ReplyToBrokenLine(line.Outcome);
        if (reply is { IsPermanent: true } && _errors >= options.Strictness.TarpitErrors && !Facts.IsTrusted)
            await connection.PauseAsync(options.Strictness.TarpitDelay);
        if (reply is not null)
            connection.Write(reply);
        ArrangeTranscript();
        if (reply is null)
            return true;

        if (reply.Closes)
            return false;

        if (!reply.IsPermanent || ++_errors < options.MaxErrors)
            return true;

        log.TooManyErrors(Peer);
        connection.Write(SmtpReplies.TooManyErrors);
        return false;
    }

    private async ValueTask<SmtpReply?> ExecuteAsync(ReadOnlyMemory<byte> octets)
    {
        if (!LineReader.TryDecode(octets.Span, out var text) || CommandLine.HasControls(text))
        {
            connection.Transcript.Note(fromClient: true, $"no text, {octets.Length} octets");
            return ReplyToNoText(octets.Span);
        }

        if (!TryFind(text, out var command, out var arguments, out var refusal))
            return refusal;

        if (command.EndsGroup && options.Strictness.RefusePipeliningErrors && connection.HasUnread && !Facts.IsTrusted)
        {
            log.PipeliningError(Peer, command.Verb);
            return SmtpReplies.PipeliningError;
        }

        if (command.IsIdle && ++_idleCommands > options.Strictness.MaxIdleCommands && !Facts.IsTrusted)
            return SmtpReplies.TooManyIdleCommands;

        try
        {
            return await command.ExecuteAsync(this, arguments);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.CommandFailed(e, command.Verb, Peer);
            return SmtpReplies.LocalError;
        }
    }

    private SmtpReply ReplyToNoText(ReadOnlySpan<byte> line)
    {
        const int MaxVerb = 8;
        var end = line.IndexOf((byte)' ');
        if (end is < 1 or > MaxVerb)
            return SmtpReplies.NotText;

        Span<char> verb = stackalloc char[MaxVerb];
        Encoding.Latin1.GetChars(line[..end], verb);
        return commands.TryFind(verb[..end], out var command) ? command.ReplyToNoText : SmtpReplies.NotText;
    }

    private bool TryFind(string text, [NotNullWhen(true)] out ISmtpCommand? command, out string arguments, [NotNullWhen(false)] out SmtpReply? refusal)
    {
        var line = CommandLine.Split(text);
        arguments = line.Arguments.ToString();
        if (!commands.TryFind(line.Verb, out command))
        {
            Note(text, isCommand: false);
            refusal = SmtpCommandTable.ReplyToStranger(line.Verb);
            return false;
        }

        Note(text, isCommand: true);
        _sawSecrets |= command.CarriesSecrets;
        refusal = command.RefusalIn(role) ?? ((command.AllowedIn & State) != SmtpStates.None ? null : State switch
        {
            SmtpStates.Connected => role == SmtpRole.Lmtp ? SmtpReplies.GreetFirstInLmtp : SmtpReplies.GreetFirst,
            SmtpStates.Ready => SmtpReplies.MailFirst,
            SmtpStates.InChunks => SmtpReplies.ChunksBegun,
            _ => SmtpReplies.TransactionOpen,
        });
        return refusal is null;
    }

    /// <summary>What follows a refused AUTH may be the password that it would have carried: from then on only commands are shown.</summary>
    private void Note(string text, bool isCommand)
    {
        if (isCommand || !_sawSecrets)
            connection.Transcript.Client(text);
        else
            connection.Transcript.Secret();
    }

    /// <summary>Tells the journey of a transaction that is over, and keeps of the dialogue what the next one begins with: the greeting.</summary>
    private void ArrangeTranscript()
    {
        if (_concluded is { } transaction)
        {
            _concluded = null;
            journal.Record(this, transaction);
            if (Client.Origin is not null)
                Client = Client with { Origin = null };
        }
        else if (_isGreeting && connection.Transcript.Count <= MaxGreetingLines)
        {
            _greetingLines = connection.Transcript.Count;
        }

        _isGreeting = false;
        if (_transaction is null)
            connection.Transcript.CutTo(_greetingLines);
    }
}
