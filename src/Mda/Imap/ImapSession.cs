using MailSuite.Mda.Imap.Capabilities;
using MailSuite.Mda.Imap.Commands;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Notifying;
using MailSuite.Mda.Imap.Incoming;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Metrics;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Imap;

/// <summary>One session: read a command, find it, ask whether the state allows it, execute, tell what has changed, answer. Knows no command.</summary>
internal sealed class ImapSession(ImapConnection connection, ImapCommandTable commands, ImapCapabilities capabilities, AccountGate gate, ImapOptions options, TimeProvider clock, ILogger<ImapServer> log)
{
    /// <summary>Octets of a refused command that are read and thrown away, so that the session can go on.</summary>
    private const long MaxSkippedOctets = 1024 * 1024;

    private long _began = clock.GetTimestamp();
    private readonly List<IUpdateSource> _sources = [];
    private int _errors;
    private int _authenticationFailures;

    public ImapConnection Connection => connection;

    public ImapCommandReader Reader { get; } = new(connection, options);

    public ImapWriter Writer => connection.Writer;

    public ImapCapabilities Capabilities => capabilities;

    /// <summary>For logs.</summary>
    public string Peer => Account is null ? $"[{connection.Address?.ToString() ?? "local"}]" : $"{Account.Address} [{connection.Address?.ToString() ?? "local"}]";

    /// <summary>Who has signed in.</summary>
    public Account? Account { get; private set; }

    /// <summary>Who has signed in; asked only where a command needs somebody.</summary>
    public AccountId AccountId => Account?.Id ?? throw new InvalidOperationException("Nobody has signed in.");

    /// <summary>Capabilities that this account does not have, in upper case.</summary>
    public IReadOnlySet<string> HiddenCapabilities { get; private set; } = new HashSet<string>();

    /// <summary>What the client has switched on.</summary>
    public ImapExtensions Enabled { get; private set; }

    /// <summary>The mailbox that is selected.</summary>
    public ISelectedMailbox? Selected { get; private set; }

    public ImapStates State => Account is null ? ImapStates.NotAuthenticated : Selected is null ? ImapStates.Authenticated : ImapStates.Selected;

    /// <summary>Whether the client has chosen IMAP4rev2, whose responses differ (RFC 9051 appendix E).</summary>
    public bool IsRev2 => Enabled.HasFlag(ImapExtensions.Imap4Rev2);

    /// <summary>Whether names of mailboxes and quoted strings are UTF-8 (RFC 9051 appendix A, RFC 6855 §3).</summary>
    public bool Utf8 => (Enabled & (ImapExtensions.Imap4Rev2 | ImapExtensions.Utf8Accept)) != ImapExtensions.None;

    /// <summary>What the client wants to hear of at any time (RFC 5465); <see langword="null"/> when changes are told beside answers alone.</summary>
    public NotifySource? Followed { get; private set; }

    /// <summary>Serves the client to the end.</summary>
    public async Task RunAsync()
    {
        try
        {
            Writer.Raw("* OK [CAPABILITY "u8);
            capabilities.Write(this);
            Writer.Raw("] MailSuite is ready."u8).Crlf();
            while (await StepAsync())
            {
            }

            await connection.FinishAsync();
        }
        finally
        {
            Reader.Release();
            Leave();
            log.SessionEnded(Peer, Reader.Total, Writer.Total);
        }
    }

    /// <summary>Lets somebody in.</summary>
    /// <returns>Why not, when the account has too many sessions.</returns>
    public ImapAnswer? SignIn(Account account, IReadOnlySet<string> hiddenCapabilities)
    {
        if (!gate.TryEnter(account.Id))
            return ImapAnswers.TooManySessionsOfAccount;

        Account = account;
        HiddenCapabilities = hiddenCapabilities;
        _authenticationFailures = 0;
        return null;
    }

    /// <summary>Counts a sign-in that failed.</summary>
    /// <returns>Whether it was the last that this session may try.</returns>
    public bool FailsTooOften() => ++_authenticationFailures >= options.MaxAuthenticationFailures;

    /// <summary>Back to where nobody has signed in (RFC 8437 §2): nothing is selected, nothing enabled.</summary>
    public void Leave()
    {
        Select(null);
        foreach (var source in _sources.ToArray())
            source.Dispose();
        _sources.Clear();
        Followed = null;
        Enabled = ImapExtensions.None;
        Writer.Utf8 = false;
        if (Account is { } account)
            gate.Leave(account.Id);
        Account = null;
        HiddenCapabilities = new HashSet<string>();
        _began = clock.GetTimestamp();
    }

    /// <summary>Makes a mailbox the selected one; the one before is given back.</summary>
    public void Select(ISelectedMailbox? mailbox)
    {
        Selected?.Dispose();
        Selected = mailbox;
        Watch();
    }

    /// <summary>From now on tells the client what it wants to hear of, at any time; <see langword="null"/> for nothing.</summary>
    public void Follow(NotifySource? source)
    {
        if (Followed is { } before)
        {
            _sources.Remove(before);
            before.Dispose();
        }

        Followed = source;
        if (source is not null)
            _sources.Add(source);
        Watch();
    }

    /// <summary>Has the selected mailbox wake this session where the client wants to hear of it at any time, and only there.</summary>
    public void Watch()
    {
        if (Followed is { TellsSelected: true } followed && Selected is { } selected)
        {
            followed.Begin(selected);
            selected.Watch(connection.Signal);
        }
        else
        {
            Selected?.StopWatching();
        }
    }

    public void Enable(ImapExtensions extensions)
    {
        if (extensions.HasFlag(ImapExtensions.QResync))
            extensions |= ImapExtensions.CondStore;
        Enabled |= extensions;
        Writer.Utf8 = Utf8;
    }

    /// <summary>Adds something that has news for the client beside the selected mailbox.</summary>
    public void Add(IUpdateSource source) => _sources.Add(source);

    public void Remove(IUpdateSource source) => _sources.Remove(source);

    /// <summary>The source of this kind, if there is one.</summary>
    public TSource? Find<TSource>()
        where TSource : class, IUpdateSource => _sources.OfType<TSource>().FirstOrDefault();

    /// <summary>Tells what has changed, as much as may be told now.</summary>
    /// <param name="isWaiting">Whether no command is being answered.</param>
    public async ValueTask TellUpdatesAsync(ImapUpdates updates, CancellationToken cancellationToken, bool isWaiting = false)
    {
        if (updates == ImapUpdates.None)
            return;

        connection.TakeSignal();
        if (Selected is { } selected && (selected.HasUpdates || Followed is { HasNewMessages: true }))
        {
            await selected.RefreshRightsAsync(cancellationToken);
            if (Followed is { TellsSelected: true } followed)
                await followed.TellSelectedAsync(this, updates, isWaiting, cancellationToken);
            else if (!isWaiting)
                await selected.TellAsync(this, updates, cancellationToken);
        }

        for (var i = 0; i < _sources.Count; i++)
        {
            if (_sources[i].HasUpdates)
                await _sources[i].TellAsync(this, updates, cancellationToken);
        }
    }

    /// <summary>Waits for a line that answers a challenge.</summary>
    public ValueTask<CommandPart> ReadAnswerAsync(int maxOctets) => Reader.ReadAnswerAsync(Patience(), maxOctets);

    /// <summary>The end of a command whose lines did not come: a word to who is still there, and the end of the session.</summary>
    public ImapAnswer EndOf(CommandPart part)
    {
        SayGoodbye(part);
        return ImapAnswer.Told.AndClose();
    }

    /// <returns>Whether the session goes on.</returns>
    private async ValueTask<bool> StepAsync()
    {
        if (connection.IsStopping)
            return SayGoodbye(CommandPart.Interrupted);
        if (Followed is not null && connection.IsSignalled)
            await TellWhileWaitingAsync();

        var part = await Reader.BeginAsync(Patience());
        switch (part)
        {
            case CommandPart.Whole or CommandPart.Literal:
                break;
            case CommandPart.Interrupted when !connection.IsTimeOver && !connection.IsStopping:
                return true;
            case CommandPart.TooLong:
                if (await Reader.SkipLineAsync(MaxSkippedOctets) is not CommandPart.Whole and var end)
                    return SayGoodbye(end);
                return Answer(TagOf(Reader.Octets.Span), ImapAnswers.TooBig);
            case CommandPart.BareLineEnding:
                return Answer(TagOf(Reader.Octets.Span), ImapAnswers.BareLineEnding);
            default:
                return SayGoodbye(part);
        }

        return await ExecuteAsync(part);
    }

    private async ValueTask TellWhileWaitingAsync()
    {
        try
        {
            await TellUpdatesAsync(ImapUpdates.All, CancellationToken.None, isWaiting: true);
        }
        catch (Exception e) when (e is not ClientGoneException)
        {
            log.CommandFailed(e, "NOTIFY", Peer);
            EndBrokenResponse();
            Follow(null);
            Writer.Untagged("OK [NOTIFICATIONOVERFLOW] What has happened cannot be read now; nothing is told any more.");
        }
    }

    private TimeSpan Patience()
    {
        if (Account is not null)
            return options.IdleTimeout;
        var rest = options.AuthenticationTimeout - clock.GetElapsedTime(_began);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    /// <returns>Whether the session goes on.</returns>
    private async ValueTask<bool> ExecuteAsync(CommandPart part)
    {
        if (!TryFind(Reader.Octets.Span, out var command, out var tagOctets, out var argumentsAt, out var refusal))
        {
            if (part == CommandPart.Literal && await Reader.SkipRestAsync(MaxSkippedOctets) is not CommandPart.Whole and var end)
                return SayGoodbye(end);
            return Answer(Reader.Octets[..tagOctets], refusal);
        }

        LiteralHeader? message = null;
        while (part == CommandPart.Literal)
        {
            var isMessage = argumentsAt < Reader.Octets.Length && command!.IsMessage(Reader.Octets.Span[argumentsAt..]);
            if (isMessage && Reader.MayTakeMessage)
            {
                message = Reader.Literal;
                break;
            }

            if (isMessage || !Reader.MayTakeLiteral)
            {
                if (await Reader.SkipRestAsync(MaxSkippedOctets) is not CommandPart.Whole and var end)
                    return SayGoodbye(end);
                return Answer(Reader.Octets[..tagOctets], isMessage ? AppendAnswers.TooBig : ImapAnswers.TooBig);
            }

            if (Reader.Literal.IsSynchronizing)
                Writer.Raw("+ OK\r\n"u8);
            part = await Reader.TakeLiteralAsync();
        }

        if (part is not (CommandPart.Whole or CommandPart.Literal))
            return await EndBrokenAsync(part, tagOctets);

        var octets = Reader.Octets;
        // A copy: a command that reads on by itself may need a larger buffer.
        var line = new ImapCommandLine(octets[..tagOctets].ToArray(), argumentsAt < octets.Length ? octets[argumentsAt..] : default, argumentsAt <= octets.Length, message);
        return await ExecuteAsync(command!, line);
    }

    private async ValueTask<bool> ExecuteAsync(IImapCommand command, ImapCommandLine line)
    {
        ImapAnswer answer;
        try
        {
            if (Selected is { } selected)
                await selected.RefreshRightsAsync(CancellationToken.None);
            answer = await command.ExecuteAsync(this, line, CancellationToken.None);
            await TellUpdatesAsync(State == ImapStates.NotAuthenticated ? ImapUpdates.None : command.Updates, CancellationToken.None);
        }
        catch (Store.Sqlite.StoreFault fault)
        {
            log.StoreFailed(command.Name, Peer, fault);
            EndBrokenResponse();
            answer = ImapAnswers.Unavailable;
        }
        catch (Exception e) when (e is not ClientGoneException)
        {
            log.CommandFailed(e, command.Name, Peer);
            EndBrokenResponse();
            answer = ImapAnswers.ServerBug;
        }

        return Answer(line.Tag, answer);
    }

    /// <summary>What was written of a response may be half of it. Its line is ended; in a literal no word could be told from its octets, so the session ends.</summary>
    private void EndBrokenResponse()
    {
        if (Writer.IsInLiteral)
            throw new ClientGoneException("a response broke off in a literal");
        if (Writer.IsInLine)
            Writer.Crlf();
    }

    /// <summary>A command that did not come whole.</summary>
    private async ValueTask<bool> EndBrokenAsync(CommandPart part, int tagOctets)
    {
        switch (part)
        {
            case CommandPart.BareLineEnding:
                return Answer(Reader.Octets[..tagOctets], ImapAnswers.BareLineEnding);
            case CommandPart.TooLong:
                if (await Reader.SkipLineAsync(MaxSkippedOctets) is not CommandPart.Whole and var end)
                    return SayGoodbye(end);
                return Answer(Reader.Octets[..tagOctets], ImapAnswers.TooBig);
            default:
                return SayGoodbye(part);
        }
    }

    /// <returns>Whether there is such a command and it is allowed; else <paramref name="refusal"/>.</returns>
    private bool TryFind(ReadOnlySpan<byte> octets, out IImapCommand? command, out int tagOctets, out int argumentsAt, out ImapAnswer refusal)
    {
        var parser = new ImapParser(octets);
        command = null;
        argumentsAt = 0;
        refusal = ImapAnswers.Syntax;
        tagOctets = parser.TryTag(out _) ? parser.Position : 0;
        if (tagOctets == 0 || !parser.TrySpace())
        {
            tagOctets = parser.IsAtEnd ? tagOctets : 0;
            refusal = ImapAnswers.NotACommand;
            return false;
        }

        if (!commands.TryFind(parser.Rest, out command, out var nameOctets) || (command.Capability is { } capability && HiddenCapabilities.Contains(capability)))
        {
            refusal = ImapAnswers.UnknownCommand;
            return false;
        }

        argumentsAt = parser.Position + nameOctets + 1;
        if ((command.AllowedIn & State) != ImapStates.None)
            return true;

        refusal = State switch
        {
            ImapStates.NotAuthenticated => ImapAnswers.SignInFirst,
            ImapStates.Authenticated when command.AllowedIn == ImapStates.Selected => ImapAnswers.SelectFirst,
            _ => ImapAnswers.AlreadySignedIn,
        };
        return false;
    }

    private static ReadOnlyMemory<byte> TagOf(ReadOnlySpan<byte> octets) => new ImapParser(octets) is var parser && parser.TryTag(out var tag) ? tag.ToArray() : default(ReadOnlyMemory<byte>);

    /// <returns>Whether the session goes on.</returns>
    private bool Answer(ReadOnlyMemory<byte> tag, in ImapAnswer answer)
    {
        ImapMeter.Answered(answer.Kind);
        if (!answer.IsTold)
            Writer.Answer(tag.Span, answer);
        if (answer.Closes)
            return false;

        _errors = answer.Kind == ImapAnswerKind.Bad ? _errors + 1 : 0;
        if (_errors < options.MaxErrors)
            return true;

        log.TooManyErrors(Peer);
        Writer.Untagged("BYE Too many errors.");
        return false;
    }

    private bool SayGoodbye(CommandPart part)
    {
        switch (part)
        {
            case CommandPart.Interrupted or CommandPart.CutOff:
                Writer.Untagged(connection.IsStopping ? "BYE The server stops. Come again." : "BYE You said nothing for too long.");
                break;
            case CommandPart.TooLong:
                Writer.Untagged("BYE [TOOBIG] That is more than is taken.");
                break;
            case CommandPart.BareLineEnding:
                Writer.Untagged("BYE A line ends with CR and LF.");
                break;
        }

        return false;
    }
}
