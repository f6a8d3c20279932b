using System.Buffers;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Smtp;

/// <summary>Reads one message from 354 to its dot (RFC 5321 §4.1.1.4), whatever is to become of it: after it the next line is a command again.</summary>
internal sealed class MessageReceiver(SmtpConnection connection, MtaOptions options, TimeProvider clock)
{
    private readonly DotDecoder _decoder = new(options.MaxTextLineOctets);
    private readonly long _started = clock.GetTimestamp();
    private long _discarded;

    public async ValueTask<Reception> ReceiveAsync(IncomingMessage message)
    {
        SmtpReply? refusal = null;
        while (true)
        {
            if (await connection.ReadBlockAsync(Patience()) is not { } block)
                return connection.IsTimeOver ? Done(message, SmtpReplies.DataTimeout) : Done(message, null) with { ClientIsGone = true };

            var outcome = Decode(block, refusal is null ? message : null, out var consumed);
            refusal ??= await KeepAsync(message);
            connection.Consume(consumed, Patience());
            switch (outcome)
            {
                case DotOutcome.End:
                    return Done(message, refusal);
                case DotOutcome.BareCr or DotOutcome.BareLf:
                    return Done(message, SmtpReplies.BareLineEndingInMessage);
                case DotOutcome.LineTooLong:
                    return Done(message, SmtpReplies.LineTooLong);
                default:
                    // A client that has not heard of our limit sends its message to the end, and then hears it; one without end is cut.
                    if (message.Octets + _discarded > 2 * options.MaxMessageOctets)
                        return Done(message, refusal?.AndClose());
                    continue;
            }
        }
    }

    private Reception Done(IncomingMessage message, SmtpReply? refusal) => new(refusal, message.Octets + _discarded, ClientIsGone: false);

    private DotOutcome Decode(ReadOnlySequence<byte> block, IncomingMessage? output, out SequencePosition consumed)
    {
        var total = 0L;
        foreach (var segment in block)
        {
            var outcome = _decoder.Decode(segment.Span, output, out var octets);
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

    /// <returns>Why the message cannot be kept.</returns>
    private async ValueTask<SmtpReply?> KeepAsync(IncomingMessage message)
    {
        if (message.Octets > options.MaxMessageOctets)
            return SmtpReplies.MessageTooLarge;

        try
        {
            await message.SpillAsync();
            return null;
        }
        catch (IOException)
        {
            return SmtpReplies.StorageFull;
        }
    }

    private TimeSpan Patience()
    {
        var left = options.DataTotalTimeout - clock.GetElapsedTime(_started);
        return left < options.DataBlockTimeout ? left : options.DataBlockTimeout;
    }
}

/// <param name="Refusal">What the client has to hear instead of the outcome; <see langword="null"/> when the message is whole and within the limits.</param>
/// <param name="Octets">Octets of the message that arrived.</param>
/// <param name="ClientIsGone">The connection ended before the message did; nobody is there to be answered, and nothing is kept.</param>
internal readonly record struct Reception(SmtpReply? Refusal, long Octets, bool ClientIsGone);
