using System.Diagnostics.CodeAnalysis;
using System.Net;
using MailSuite.Mda.Metrics;
using MailSuite.Mda.Pop3.Commands;
using MailSuite.Mda.Pop3.Grammar;
using MailSuite.Mda.Pop3.Replies;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Pop3;

/// <summary>One session: read a line, find its command, ask whether the state allows it, execute, respond. Knows no command.</summary>
internal sealed class Pop3Session(Pop3Connection connection, IPAddress? address, Pop3CommandTable commands, Maildrops maildrops, Pop3Options options, ILogger<Pop3Server> log)
{
    private Maildrop? _maildrop;
    private int _errors;
    private int _authenticationFailures;

    public Pop3Connection Connection => connection;

    /// <summary>Where the client connects from; <see langword="null"/> where the transport has no IP address.</summary>
    public IPAddress? Address => address;

    /// <summary>For logs.</summary>
    public string Peer => address?.ToString() ?? "local";

    public TlsFacts? Tls => connection.Tls;

    public Pop3States State => _maildrop is null ? Pop3States.Authorization : Pop3States.Transaction;

    /// <summary>What USER has named; <see langword="null"/> before, and after PASS.</summary>
    public string? UserName { get; set; }

    /// <summary>The open maildrop; there is one where a command is allowed only in <see cref="Pop3States.Transaction"/>.</summary>
    public Maildrop Maildrop => _maildrop ?? throw new InvalidOperationException("No maildrop is open.");

    public async Task RunAsync()
    {
        try
        {
            connection.Write(Pop3Replies.Greeting);
            while (await StepAsync())
            {
            }

            await connection.FinishAsync();
        }
        finally
        {
            CloseMaildrop();
        }
    }

    /// <summary>Somebody has signed in: locks and opens their maildrop.</summary>
    public async ValueTask<Pop3Reply> EnterAsync(Account account)
    {
        UserName = null;
        switch (await maildrops.OpenAsync(account))
        {
            case MaildropOpening.Opened opened:
                _maildrop = opened.Maildrop;
                log.SignedIn(Peer, account.Address, _maildrop.Count);
                return Pop3Replies.MaildropOpen(_maildrop);
            case MaildropOpening.InUse:
                return Pop3Replies.MaildropInUse;
            case MaildropOpening.TooSoon soon:
                return Pop3Replies.TooSoon(soon.Wait);
            case MaildropOpening.Absent:
                return Pop3Replies.NoMaildrop;
            case MaildropOpening.Unavailable unavailable:
                log.MaildropUnavailable(account.Address, unavailable.Reason);
                return Pop3Replies.MaildropUnavailable;
            case var other:
                throw new InvalidOperationException($"There is no opening {other}.");
        }
    }

    /// <summary>Turns what the accounts have judged into a response.</summary>
    public ValueTask<Pop3Reply> ConcludeAsync(AuthenticationOutcome outcome)
    {
        switch (outcome)
        {
            case AuthenticationOutcome.Accepted accepted:
                return EnterAsync(accepted.Account);
            case AuthenticationOutcome.Unavailable unavailable:
                log.AuthenticationUnavailable(Peer, unavailable.Reason);
                return new(Pop3Replies.AuthenticationUnavailable);
            case AuthenticationOutcome.TooManyFailures failures:
                return new(FailAuthentication(Pop3Replies.TooManyFailuresFor(failures.RetryAfter)));
            case AuthenticationOutcome.RefusedOrTransitionNeeded:
                return new(FailAuthentication(Pop3Replies.TransitionNeeded));
            default:
                return new(FailAuthentication(Pop3Replies.CredentialsInvalid));
        }
    }

    public Pop3Reply FailAuthentication(Pop3Reply reply)
    {
        log.AuthenticationRefused(Peer);
        return ++_authenticationFailures >= options.MaxAuthenticationFailures ? Pop3Replies.TooManyAuthenticationFailures : reply;
    }

    /// <summary>Ends the session's hold on the maildrop; another may open it.</summary>
    public void CloseMaildrop()
    {
        _maildrop?.Dispose();
        _maildrop = null;
    }

    /// <summary>The response to what is no line; <see langword="null"/> when nobody is to hear one.</summary>
    /// <remarks>When the time is up nothing is said and nothing removed (RFC 1939 §3). So it is when the program ends: what is said unasked would be taken for the answer to the next command.</remarks>
    public static Pop3Reply? ReplyToBrokenLine(LineOutcome outcome) => outcome switch
    {
        // Its end may be anywhere: what follows is no command.
        LineOutcome.TooLong => Pop3Replies.LineTooLong,
        LineOutcome.BareLineEnding => Pop3Replies.BareLineEnding,
        _ => null,
    };

    /// <returns>Whether the session goes on.</returns>
    private async ValueTask<bool> StepAsync()
    {
        if (connection.IsStopping)
            return false;

        var line = await connection.ReadLineAsync(_maildrop is null ? options.AuthenticationTimeout : options.CommandTimeout);
        if (line.Outcome is LineOutcome.EndOfStream or LineOutcome.Interrupted)
            return false;

        var reply = line.Outcome == LineOutcome.Line ? await ExecuteAsync(line.Octets) : ReplyToBrokenLine(line.Outcome);
        if (reply is null)
            return true;

        if (!reply.IsOk && !reply.Closes && ++_errors >= options.MaxErrors)
        {
            log.TooManyErrors(Peer);
            reply = Pop3Replies.TooManyErrors;
        }

        connection.Write(reply);
        return !reply.Closes;
    }

    private async ValueTask<Pop3Reply?> ExecuteAsync(ReadOnlyMemory<byte> octets)
    {
        if (!LineReader.TryDecode(octets.Span, out var text) || CommandLine.HasControls(text))
            return Pop3Replies.NotText;

        if (!TryFind(text, out var command, out var arguments, out var refusal))
            return refusal;

        try
        {
            return await command.ExecuteAsync(this, arguments);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.CommandFailed(e, command.Keyword, Peer);
            return Pop3Replies.LocalError;
        }
    }

    private bool TryFind(string text, [NotNullWhen(true)] out IPop3Command? command, out string arguments, [NotNullWhen(false)] out Pop3Reply? refusal)
    {
        var line = CommandLine.Split(text);
        arguments = line.Arguments.ToString();
        if (!commands.TryFind(line.Keyword, out command))
        {
            refusal = Pop3CommandTable.ReplyToStranger(line.Keyword);
            return false;
        }

        refusal = (command.AllowedIn & State) != Pop3States.None ? null
            : State == Pop3States.Authorization ? Pop3Replies.SignInFirst
            : Pop3Replies.SignedInAlready;
        return refusal is null;
    }
}
