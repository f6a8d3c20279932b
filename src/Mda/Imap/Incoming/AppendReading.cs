using System.Buffers;
using System.Text;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Incoming;

/// <summary>Reads the messages of one APPEND or REPLACE from its client, and keeps them until they are stored, or goes with what it has read.</summary>
internal sealed class AppendReading(ImapSession session, AppendTarget target, AppendParts parts, bool single) : IAsyncDisposable
{
    /// <summary>Messages of one command. They come into the store in one transaction.</summary>
    internal const int MaxMessages = 5_000;

    /// <summary>Octets of the messages of one command that lie in memory; further ones go into files, however small.</summary>
    private const int MaxMemory = 16 * 1024 * 1024;

    private const int MaxUrlOctets = 8 * 1024;

    private readonly AppendGrammar _grammar = new(single);
    private readonly List<NewMessage> _messages = [];
    private IncomingMessage? _incoming;
    private long _octets;
    private int _inMemory;
    private Behind _behind;
    private bool _isHandedOver;

    /// <summary>How far the command has been read.</summary>
    private enum Behind
    {
        /// <summary>All of it, or so much that the client waits to be asked for more.</summary>
        Line,

        /// <summary>Up to the announcement of a literal.</summary>
        Announcement,

        /// <summary>A literal, and not the line behind it.</summary>
        Literal,
    }

    /// <summary>Gives what has come, staged, to the store; complete after <see cref="ReadAsync"/>.</summary>
    /// <remarks>From here on their files are the store's: of a fault only it knows whether they were stored all the same.</remarks>
    internal IReadOnlyList<NewMessage> HandOver()
    {
        _isHandedOver = true;
        return _messages;
    }

    /// <summary>Reads to the end of the command.</summary>
    /// <param name="text">What stands behind the mailbox.</param>
    /// <returns>Why not; <see langword="null"/> when all has come.</returns>
    internal async ValueTask<ImapAnswer?> ReadAsync(ReadOnlyMemory<byte> text, bool isLiteralAnnounced, CancellationToken cancellationToken)
    {
        session.Reader.Mark();
        _behind = isLiteralAnnounced ? Behind.Announcement : Behind.Line;
        var at = 0;
        while (true)
        {
            var step = _grammar.Next(text.Span, ref at);
            if (step == AppendStep.End)
                return null;

            var refusal = step switch
            {
                AppendStep.Message or AppendStep.Text => await ReadLiteralAsync(),
                AppendStep.UrlLiteral => await ReadUrlAsync(cancellationToken),
                AppendStep.Url => await TakeUrlAsync(_grammar.Url, cancellationToken),
                AppendStep.EndOfMessage => await EndMessageAsync(cancellationToken),
                _ => ImapAnswers.Syntax,
            };
            if (refusal is { } answer)
                return await RefuseAsync(answer);
            if (step is AppendStep.Url or AppendStep.EndOfMessage)
                continue;

            var part = await session.Reader.ReadNextAsync();
            if (part is not (CommandPart.Whole or CommandPart.Literal))
                return session.EndOf(part);
            _behind = part == CommandPart.Literal ? Behind.Announcement : Behind.Line;
            text = session.Reader.Line;
            at = 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_incoming is not null)
            await _incoming.DisposeAsync();
        if (_isHandedOver)
            return;
        foreach (var message in _messages)
            parts.Staging.Discard(message);
    }

    private IncomingMessage Incoming(long expected) =>
        _incoming ??= parts.Staging.Begin(expected, maxMemory: MaxMemory - _inMemory);

    private async ValueTask<ImapAnswer?> ReadLiteralAsync()
    {
        if (_messages.Count == MaxMessages)
            return AppendAnswers.TooManyMessages;
        if (_grammar.IsUtf8 && (session.Enabled & ImapExtensions.Utf8Accept) == ImapExtensions.None)
            return AppendAnswers.Utf8NotEnabled;
        var octets = _grammar.Header.Octets;
        var incoming = Incoming(octets);
        if (octets > parts.Options.MaxMessageOctets - incoming.Octets)
            return AppendAnswers.TooBig;
        if (target.IsOverQuota(_messages.Count + 1, _octets + incoming.Octets + octets))
            return ImapAnswers.OverQuota;

        if (!await ReadAsync(incoming.AppendAsync))
            return session.EndOf(CommandPart.CutOff);
        if (incoming.HasNul && !_grammar.Header.IsBinary)
            return AppendAnswers.NulInLiteral;
        // A literal of no octets takes the whole command back (RFC 3502 §6.3.11).
        return octets == 0 && incoming.Octets == 0 ? AppendAnswers.Cancelled : null;
    }

    private async ValueTask<ImapAnswer?> ReadUrlAsync(CancellationToken cancellationToken)
    {
        if (_grammar.Header.Octets > MaxUrlOctets)
            return AppendAnswers.TooBig;
        var url = new MemoryStream();
        var read = await ReadAsync(octets =>
        {
            foreach (var part in octets)
                url.Write(part.Span);
            return ValueTask.CompletedTask;
        });
        return read ? await TakeUrlAsync(Encoding.UTF8.GetString(url.ToArray()), cancellationToken) : session.EndOf(CommandPart.CutOff);
    }

    private async ValueTask<ImapAnswer?> TakeUrlAsync(string url, CancellationToken cancellationToken)
    {
        var incoming = Incoming(0);
        return await parts.Urls.TryAppendAsync(session, url, incoming, parts.Options.MaxMessageOctets - incoming.Octets, cancellationToken) switch
        {
            true => null,
            false => AppendAnswers.BadUrl(url),
            null => AppendAnswers.TooBig,
        };
    }

    private async ValueTask<ImapAnswer?> EndMessageAsync(CancellationToken cancellationToken)
    {
        var incoming = _incoming!;
        _octets += incoming.Octets;
        if (target.IsOverQuota(_messages.Count + 1, _octets))
            return ImapAnswers.OverQuota;

        try
        {
            _inMemory += incoming.InMemory;
            var staged = await parts.Staging.StageAsync(incoming, target.Allowed(_grammar.Flags), _grammar.Date, cancellationToken);
            _messages.Add(staged with { Keywords = target.Allowed(_grammar.Keywords) });
            _incoming = null;
            return null;
        }
        catch (StoreFault)
        {
            // The client's next messages may be on their way: they are read past before it hears of it.
            return ImapAnswers.Unavailable;
        }
    }

    private async ValueTask<bool> ReadAsync(Func<ReadOnlySequence<byte>, ValueTask> take)
    {
        if (_grammar.Header.IsSynchronizing)
            session.Writer.Raw("+ OK\r\n"u8);
        _behind = Behind.Literal;
        return await session.Reader.ReadLiteralAsync(take);
    }

    /// <summary>Reads past what the client has still to send, as far as it has not to be asked for it.</summary>
    private async ValueTask<ImapAnswer> RefuseAsync(ImapAnswer answer)
    {
        if (answer.IsTold)
            return answer;

        var part = _behind switch
        {
            Behind.Literal => await session.Reader.ReadNextAsync(),
            Behind.Announcement => CommandPart.Literal,
            _ => CommandPart.Whole,
        };
        if (part == CommandPart.Literal)
            part = await session.Reader.SkipRestAsync(parts.Options.MaxMessageOctets);
        return part == CommandPart.Whole ? answer : session.EndOf(part);
    }
}
