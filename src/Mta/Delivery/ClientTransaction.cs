using System.Buffers;
using System.Globalization;
using System.Text;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Delivery;

/// <summary>One mail transaction from MAIL to the reply to the final dot (RFC 5321 §3.3), pipelined where the host offers it (RFC 2920).</summary>
internal sealed class ClientTransaction(
    Dialogue dialogue, ServerExtensions extensions, NextHost next, bool isSignedIn, RelayOptions options, TimeProvider clock, OutboundMessage message, IReadOnlyList<QueuedRecipient> recipients)
{
    private const int TooManyRecipients = 452;
    private const int TooManyRecipientsOfOld = 552;
    private const int StartMailInput = 354;
    private const int FlushOctets = 64 * 1024;
    private static readonly TimeSpan LastWordsTimeout = TimeSpan.FromSeconds(1);

    private readonly string _host = next.Name;
    private readonly RecipientOutcome?[] _outcomes = new RecipientOutcome?[recipients.Count];
    private readonly bool[] _surplus = new bool[recipients.Count];

    /// <summary>The recipients that the host is asked for, by their places.</summary>
    private IReadOnlyList<int> _asked = [];

    /// <summary>Whether the host has closed, or what it would answer next is uncertain.</summary>
    private bool _over;

    /// <summary>Whether the host may have content of the message.</summary>
    private bool _isContentBegun;

    private bool _isMailRefused;

    private bool _isOpen;

    public async Task<TransactionResult> RunAsync(CancellationToken cancellationToken)
    {
        if (Unfit() is { } unfit)
            SettleOpen(unfit with { RemoteHost = _host });
        if (!extensions.SmtpUtf8)
            SettleInternationalised();
        if (!Open.Any())
            return Result();

        _asked = [.. Open];
        _isOpen = true;
        try
        {
            if (extensions.Pipelining)
                await PipelinedAsync(cancellationToken);
            else
                await InTurnAsync(cancellationToken);
        }
        catch (DialogueBrokenException e)
        {
            _over = true;
            SettleOpen(RecipientOutcome.Deferred(e.Status, $"{_host}: {e.Message}") with { RemoteHost = _host });
        }

        return Result();
    }

    private bool IsLmtp => next.Transport.Protocol == RelayProtocol.Lmtp;

    private IEnumerable<int> Open => Enumerable.Range(0, recipients.Count).Where(i => _outcomes[i] is null);

    /// <summary>What the host has said that it does not take, found without asking it.</summary>
    private RecipientOutcome? Unfit()
    {
        if (extensions.MaxOctets > 0 && message.Content.Octets > extensions.MaxOctets)
            return RecipientOutcome.Failed(StatusCodes.MessageTooLarge, $"The message has {message.Content.Octets} octets; {_host} takes {extensions.MaxOctets} at most.");
        if (message.NeedsSmtpUtf8([]) && !extensions.SmtpUtf8)
            return RecipientOutcome.Failed(StatusCodes.NonAsciiNotPermitted, $"The message has an internationalised sender or header, which {_host} does not take (no SMTPUTF8).");
        if (message.ConversionFor(extensions) is not null)
        {
            return RecipientOutcome.Failed(StatusCodes.ConversionRequired, message.IsBinary
                ? $"The message has binary content, which {_host} does not take (no BINARYMIME), and it cannot be re-coded."
                : $"The message has 8-bit content, which {_host} does not take (no 8BITMIME), and it cannot be re-coded.");
        }

        return Untimely();
    }

    /// <summary>Mail that is to be returned when it is late goes only to a host that sees to it (RFC 2852 §4.1.4.1).</summary>
    private RecipientOutcome? Untimely()
    {
        if (message.Requests.DeliverBy is not { Returns: true } by)
            return null;
        if (!extensions.DeliverBy)
            return RecipientOutcome.Failed(StatusCodes.FeatureNotSupported, $"Its sender wanted it delivered in time or returned, and {_host} keeps no such time (no DELIVERBY).");

        var left = by.SecondsLeft(clock.GetUtcNow());
        return left < Math.Max(1, extensions.MinDeliverBySeconds)
            ? RecipientOutcome.Failed(StatusCodes.DeliveryTimeExpired, $"Its sender wanted it delivered within {Math.Max(0, left)} seconds from now or returned, which is too short for {_host}.")
            : null;
    }

    /// <summary>A recipient whose address the host cannot take is no reason to keep the message from the others.</summary>
    private void SettleInternationalised()
    {
        foreach (var i in Open.Where(i => !recipients[i].Address.IsAscii).ToList())
        {
            _outcomes[i] = RecipientOutcome.Failed(StatusCodes.NonAsciiNotPermitted, $"The address is internationalised, which {_host} does not take (no SMTPUTF8).")
                with { RemoteHost = _host };
        }
    }

    /// <summary>Whether it goes by BDAT (RFC 3030): what DATA cannot carry, or not as it is.</summary>
    private bool InChunks => message.IsBinary || (message.Octets.HasOpenEnd && extensions.Chunking);

    private string Mail()
    {
        var command = new StringBuilder().Append(CultureInfo.InvariantCulture, $"MAIL FROM:{message.ReversePath}");
        if (extensions.Size)
            command.Append(CultureInfo.InvariantCulture, $" SIZE={message.Content.Octets}");
        if (message.IsBinary)
            command.Append(" BODY=BINARYMIME");
        else if (message.Octets.HasEightBit)
            command.Append(" BODY=8BITMIME");
        if (message.NeedsSmtpUtf8(_asked.Select(i => recipients[i].Address)))
            command.Append(" SMTPUTF8");
        // Who sent it first is not known for certain (RFC 4954 §5).
        if (isSignedIn)
            command.Append(" AUTH=<>");
        EnvelopeParameters.AppendTo(command, message.Requests, extensions, clock.GetUtcNow());
        return command.ToString();
    }

    private string Rcpt(int recipient)
    {
        var command = new StringBuilder().Append(CultureInfo.InvariantCulture, $"RCPT TO:{recipients[recipient].Recipient.Path}");
        EnvelopeParameters.AppendTo(command, recipients[recipient].Recipient, message.Requests, extensions, clock.GetUtcNow());
        return command.ToString();
    }

    private async Task InTurnAsync(CancellationToken cancellationToken)
    {
        var mail = await dialogue.AskAsync(Mail(), options.ReplyTimeout, cancellationToken);
        if (!mail.IsPositive)
        {
            (_isMailRefused, _isOpen) = (true, false);
            Refuse(mail);
            return;
        }

        foreach (var i in _asked)
        {
            Judge(i, await dialogue.AskAsync(Rcpt(i), options.ReplyTimeout, cancellationToken));
            if (_over)
                break;
        }

        if (_over || !Open.Any())
            return;

        if (InChunks)
            await SendAsync(encoder: null);
        else
            await DataAsync(await dialogue.AskAsync("DATA", options.ReplyTimeout, cancellationToken), cancellationToken);
    }

    private async Task PipelinedAsync(CancellationToken cancellationToken)
    {
        dialogue.Write(Mail());
        foreach (var i in _asked)
            dialogue.Write(Rcpt(i));
        if (!InChunks)
            dialogue.Write("DATA");

        // Sending goes on while replies are read: a host whose replies nobody takes stops reading (RFC 2920 §3.1).
        var sending = dialogue.FlushAsync(options.ReplyTimeout, cancellationToken).AsTask();
        try
        {
            var mail = await dialogue.ReadReplyAsync(options.ReplyTimeout, cancellationToken);
            if (!mail.IsPositive)
            {
                (_isMailRefused, _isOpen) = (true, false);
                Refuse(mail);
            }

            foreach (var i in _asked)
            {
                if (_over)
                    break;
                var reply = await dialogue.ReadReplyAsync(options.ReplyTimeout, cancellationToken);
                // After a refused MAIL each RCPT is out of order, which says nothing about its recipient.
                if (mail.IsPositive)
                    Judge(i, reply);
            }

            if (InChunks)
            {
                await sending;
                if (!_over && Open.Any())
                    await SendAsync(encoder: null);
                return;
            }

            if (_over)
                return;

            var data = await dialogue.ReadReplyAsync(options.ReplyTimeout, cancellationToken);
            // A host may answer what it has not read yet, and two must not write at once.
            await sending;
            await DataAsync(data, cancellationToken);
        }
        finally
        {
            await sending;
        }
    }

    /// <summary>Acts on the reply to DATA.</summary>
    private async Task DataAsync(RemoteReply reply, CancellationToken cancellationToken)
    {
        var wanted = Open.Any();
        if (reply.Code != StartMailInput)
        {
            Refuse(reply);
            return;
        }

        if (!wanted)
        {
            // Nobody takes it and the host waits for it all the same: an empty message is the only way out (RFC 2920 §3.1).
            _isOpen = false;
            dialogue.Write(".");
            await dialogue.FlushAsync(options.ReplyTimeout, cancellationToken);
            // An LMTP server answers for each recipient that it took, which is none.
            if (IsLmtp)
                _over = true;
            else
                await dialogue.ReadReplyAsync(options.FinalReplyTimeout, cancellationToken);
            return;
        }

        await SendAsync(new DotEncoder());
    }

    /// <summary>Sends the message and acts on the reply to it.</summary>
    /// <param name="encoder">For DATA; without one the message goes in one chunk (RFC 3030 §2).</param>
    private async Task SendAsync(DotEncoder? encoder)
    {
        // A 250 that was there before the message would be taken for the answer to it, and the message lost.
        if (dialogue.HasUnread)
            throw new DialogueBrokenException(StatusCodes.ProtocolTemporary, "It answered what it had not been sent.");

        (_isContentBegun, _isOpen) = (true, false);
        // From here on cancelling would leave it open whether the host has the message, so only the time-outs end it.
        try
        {
            await SendContentAsync(encoder);
        }
        catch (DialogueBrokenException)
        {
            if (await LastWordsAsync() is not { IsPositive: false } words)
                throw;
            Refuse(words);
            _over = true;
            return;
        }

        if (IsLmtp)
        {
            await ReadForEachAsync();
            return;
        }

        var last = await dialogue.ReadReplyAsync(options.FinalReplyTimeout, CancellationToken.None);
        if (last.IsPositive)
            SettleOpen(Outcome(OutcomeKind.Delivered, last));
        else
            Refuse(last);
    }

    /// <summary>LMTP: a reply for each recipient that was taken, in their order (RFC 2033 §4.2). Those that came before a break count.</summary>
    private async Task ReadForEachAsync()
    {
        foreach (var i in Open.ToList())
        {
            var reply = await dialogue.ReadReplyAsync(options.FinalReplyTimeout, CancellationToken.None);
            _outcomes[i] = reply.IsPositive ? Outcome(OutcomeKind.Delivered, reply) : Negative(reply) with { IsOfRecipient = true };
            if (reply.Code == RemoteReply.Closing)
            {
                Close(reply);
                return;
            }
        }
    }

    private async Task SendContentAsync(DotEncoder? encoder)
    {
        var output = dialogue.Transport.Output;
        if (encoder is null)
            dialogue.Write(string.Create(CultureInfo.InvariantCulture, $"BDAT {message.Content.Octets} LAST"));
        if (message.Content.TryGetMemory(out var memory))
        {
            // The last part goes out with the end: a small message takes one write.
            for (; memory.Length > FlushOctets; memory = memory[FlushOctets..])
            {
                Put(memory.Span[..FlushOctets]);
                await dialogue.FlushAsync(options.ReplyTimeout, CancellationToken.None);
            }

            Put(memory.Span);
        }
        else
        {
            var block = new byte[FlushOctets];
            await using var stream = message.Content.OpenRead();
            int read;
            while ((read = await stream.ReadAsync(block, CancellationToken.None)) > 0)
            {
                Put(block.AsSpan(0, read));
                await dialogue.FlushAsync(options.ReplyTimeout, CancellationToken.None);
            }
        }

        encoder?.Finish(output);
        dialogue.Transcript.Note(fromClient: true, string.Create(CultureInfo.InvariantCulture, $"message, {message.Content.Octets} octets"));
        await dialogue.FlushAsync(options.ReplyTimeout, CancellationToken.None);

        void Put(ReadOnlySpan<byte> octets)
        {
            if (encoder is null)
                output.Write(octets);
            else
                encoder.Encode(octets, output);
        }
    }

    /// <summary>A host that has had enough of the content may have said why before it closed.</summary>
    private async Task<RemoteReply?> LastWordsAsync()
    {
        try
        {
            return await dialogue.ReadReplyAsync(LastWordsTimeout, CancellationToken.None);
        }
        catch (DialogueBrokenException)
        {
            return null;
        }
    }

    private void Judge(int recipient, RemoteReply reply)
    {
        if (reply.IsPositive)
            return;

        // RFC 5321 §4.5.3.1.10: 552 here has been used for 452.
        _surplus[recipient] = recipient > _asked[0] && reply.Code is TooManyRecipients or TooManyRecipientsOfOld;
        _outcomes[recipient] = reply.Code == TooManyRecipientsOfOld
            ? Outcome(OutcomeKind.Deferred, reply) with { Status = StatusCodes.TooManyRecipients }
            : Negative(reply) with { IsOfRecipient = true };
        if (reply.Code == RemoteReply.Closing)
            Close(reply);
    }

    /// <summary>Gives a reply that is no success to all recipients that have no outcome yet.</summary>
    private void Refuse(RemoteReply reply)
    {
        SettleOpen(Negative(reply));
        if (reply.Code == RemoteReply.Closing)
            Close(reply);
    }

    private void Close(RemoteReply reply)
    {
        _over = true;
        SettleOpen(Negative(reply));
    }

    /// <summary>A reply that fits nowhere, 2xx to DATA for one, is trouble with the host and not with the mail; so is one that wants us to sign in, where the settings name the host.</summary>
    private RecipientOutcome Negative(RemoteReply reply) => reply.Code is 530 or 534 or 535 or 538 && next.Transport.Name != Transport.MxName
        ? new RecipientOutcome(OutcomeKind.Deferred, StatusCodes.TemporaryAuthenticationFailure, $"{_host} wants us to sign in, otherwise than the settings of the transport {next.Transport.Name} (UserName, Password) let us.")
            { RemoteHost = _host, RemoteReply = reply.ToString() }
        : reply.IsPermanent
        ? Outcome(OutcomeKind.Failed, reply)
        : reply.IsTransient
            ? Outcome(OutcomeKind.Deferred, reply)
            : Outcome(OutcomeKind.Deferred, reply) with { Status = StatusCodes.ProtocolTemporary };

    private RecipientOutcome Outcome(OutcomeKind kind, RemoteReply reply) => new(kind, reply.Status, Sentence(kind))
    {
        RemoteHost = _host,
        RemoteReply = reply.ToString(),
        Promises = (extensions.Dsn ? HostPromises.Dsn : HostPromises.None) | (extensions.DeliverBy ? HostPromises.DeliverBy : HostPromises.None),
    };

    private string Sentence(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Delivered => $"{_host} has taken it.",
        OutcomeKind.Deferred => $"{_host} could not take it now.",
        _ => $"{_host} refused it.",
    };

    private void SettleOpen(RecipientOutcome outcome)
    {
        foreach (var i in Open.ToList())
            _outcomes[i] = outcome;
    }

    private TransactionResult Result() => new(
        [.. recipients.Select((recipient, i) => new RecipientResult(recipient, _outcomes[i]!))],
        _over ? [] : [.. recipients.Where((_, i) => _surplus[i])],
        !_over,
        !_isContentBegun && (_over || _isMailRefused))
    {
        IsOpen = !_over && _isOpen,
    };
}
