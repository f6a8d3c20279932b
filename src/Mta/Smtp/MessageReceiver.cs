using System.Buffers;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Smtp;

/// <summary>Reads one message, from 354 to its dot (RFC 5321 §4.1.1.4) or chunk by chunk (RFC 3030 §2), whatever is to become of it: after it the next line is a command again.</summary>
/// <param name="message">Takes the octets, and is disposed with this; <see langword="null"/> for a chunk that is only read past.</param>
/// <param name="isBinary">Whether the body has any octets at all (BODY=BINARYMIME) and only the header lines (RFC 3030 §3).</param>
internal sealed class MessageReceiver(SmtpConnection connection, IncomingMessage? message, bool isBinary, MtaOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>Octets that are taken at once, so that a client that is faster than the disk fills no memory.</summary>
    private const int PartOctets = 64 * 1024;

    private readonly long _started = clock.GetTimestamp();
    private readonly ChunkedLines _lines = new(options.MaxTextLineOctets, isBinary);
    private SmtpReply? _refusal;
    private long _discarded;

    /// <summary>What has been received.</summary>
    public IncomingMessage Message => message ?? throw new InvalidOperationException("Nothing is kept of what is read here.");

    private long Octets => (message?.Octets ?? 0) + _discarded;

    /// <summary>A client that has not heard of our limit sends its message to the end, and then hears it; one without end is cut here.</summary>
    private long Bound => 2 * options.MaxMessageOctets;

    /// <summary>Reads a message that ends with a dot.</summary>
    public async ValueTask<Reception> ReceiveAsync()
    {
        var decoder = new DotDecoder(options.MaxTextLineOctets);
        while (true)
        {
            if (await connection.ReadBlockAsync(Patience()) is not { } block)
                return Broken();

            var outcome = Decode(decoder, Part(block, PartOctets), out var consumed);
            await KeepAsync();
            connection.Consume(consumed, Patience());
            if (outcome == DotOutcome.End)
                return Done(_refusal);
            if (RefusalOf(outcome) is { } fault)
                return Done(fault);
            if (Octets > Bound)
                return Done(_refusal?.AndClose());
        }
    }

    /// <summary>Reads the next chunk, all of it, unless the session ends with it.</summary>
    public async ValueTask<Reception> ReceiveChunkAsync(BdatArguments chunk)
    {
        if (chunk.Octets > Bound - Octets)
            return Done(SmtpReplies.EndlessMessage);
        if (message is not null && chunk.Octets > options.MaxMessageOctets - Octets)
            _refusal ??= SmtpReplies.MessageTooLarge;
        if (Patience() <= TimeSpan.Zero)
            return Done(SmtpReplies.DataTimeout);

        for (var left = chunk.Octets; left > 0;)
        {
            if (await connection.ReadBlockAsync(Patience()) is not { } block)
                return Broken();

            var part = Part(block, Math.Min(left, PartOctets));
            left -= part.Length;
            var outcome = Take(part);
            await KeepAsync();
            connection.Consume(part.End, Patience());
            if (RefusalOf(outcome) is { } fault)
                return Done(fault);
        }

        return Done(chunk.IsLast && _lines.EndInCr ? SmtpReplies.BareLineEndingInMessage : _refusal);
    }

    public void Dispose() => message?.Dispose();

    private Reception Broken() => connection.IsTimeOver ? Done(SmtpReplies.DataTimeout) : Done(null) with { ClientIsGone = true };

    private Reception Done(SmtpReply? refusal) => new(refusal, Octets, ClientIsGone: false);

    private static SmtpReply? RefusalOf(DotOutcome outcome) => outcome switch
    {
        DotOutcome.BareCr or DotOutcome.BareLf => SmtpReplies.BareLineEndingInMessage,
        DotOutcome.LineTooLong => SmtpReplies.LineTooLong,
        _ => null,
    };

    private static ReadOnlySequence<byte> Part(ReadOnlySequence<byte> block, long octets) => block.Length > octets ? block.Slice(0, octets) : block;

    private DotOutcome Decode(DotDecoder decoder, ReadOnlySequence<byte> block, out SequencePosition consumed)
    {
        var output = _refusal is null ? message : null;
        var total = 0L;
        foreach (var segment in block)
        {
            var outcome = decoder.Decode(segment.Span, output, out var octets);
            total += octets;
            if (output is null)
                _discarded += octets;
            if (outcome != DotOutcome.More)
            {
                consumed = block.GetPosition(total);
                return outcome;
            }
        }

        consumed = block.End;
        return DotOutcome.More;
    }

    private DotOutcome Take(ReadOnlySequence<byte> part)
    {
        if (message is null || _refusal is not null)
        {
            _discarded += part.Length;
            return DotOutcome.More;
        }

        foreach (var segment in part)
        {
            var outcome = _lines.Look(segment.Span);
            if (outcome != DotOutcome.More)
                return outcome;
            message.Write(segment.Span);
        }

        return DotOutcome.More;
    }

    /// <summary>Finds out whether what has arrived can be kept, and keeps it.</summary>
    private async ValueTask KeepAsync()
    {
        if (message is null || _refusal is not null)
            return;

        if (message.Octets > options.MaxMessageOctets)
        {
            _refusal = SmtpReplies.MessageTooLarge;
            return;
        }

        try
        {
            await message.SpillAsync();
        }
        catch (IOException)
        {
            _refusal = SmtpReplies.StorageFull;
        }
    }

    private TimeSpan Patience()
    {
        var left = options.DataTotalTimeout - clock.GetElapsedTime(_started);
        return left < options.DataBlockTimeout ? left : options.DataBlockTimeout;
    }
}

/// <param name="Refusal">What the client has to hear instead of the outcome; <see langword="null"/> when all that came is within the limits.</param>
/// <param name="Octets">Octets of the message that have arrived.</param>
/// <param name="ClientIsGone">The connection ended before the message did; nobody is there to be answered, and nothing is kept.</param>
internal readonly record struct Reception(SmtpReply? Refusal, long Octets, bool ClientIsGone);
