using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Metrics;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Smtp;

/// <summary>What DATA and BDAT have in common: a message is received, judged, handed over, and answered. The end of its transaction.</summary>
internal sealed class MessageIntake(MailAcceptance acceptance, PolicyChain policies, IncomingDirectory incoming, MtaOptions options, TimeProvider clock, ILogger<SmtpServer> log)
{
    /// <summary>Takes a message, or the next chunk of one; with the whole message the transaction ends, and with a refusal of a part too.</summary>
    /// <param name="chunk">What BDAT said; <see langword="null"/> for DATA.</param>
    public async ValueTask<SmtpReply?> TakeAsync(SmtpSession session, BdatArguments? chunk)
    {
        var transaction = session.Transaction;
        SmtpReply? reply;
        try
        {
            var expected = Math.Max(transaction.DeclaredOctets, chunk?.Octets ?? 0);
            var receiver = transaction.Receiver ??= new MessageReceiver(
                session.Connection, new IncomingMessage(incoming, options.SpillOctets, expected, options.Strictness.MaxHeaderOctets), transaction.Body == BodyType.Binary, options, clock);
            var reception = chunk is { } part ? await receiver.ReceiveChunkAsync(part) : await receiver.ReceiveAsync();
            session.Connection.Transcript.Note(fromClient: true, chunk is null ? $"message, {reception.Octets} octets" : $"chunk, message of {reception.Octets} octets so far");
            if (chunk is { IsLast: false } && reception is { Refusal: null, ClientIsGone: false })
                return SmtpReplies.ChunkTaken(reception.Octets);

            reply = reception.ClientIsGone ? null : await ConcludeAsync(session, transaction, receiver.Message, reception, isWhole: chunk is not { IsLast: false });
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Where in the message the client is, nobody knows now: the next line must not be taken for a command.
            log.ReceptionFailed(e, session.Peer);
            reply = SmtpReplies.LocalError.AndClose();
        }

        session.EndTransaction();
        if (chunk is { IsLast: false })
            session.ChunkRefusal = reply is null ? null : new ChunkRefusal(reply, RepliesToEach.Same(reply, transaction));
        return reply;
    }

    /// <summary>Reads a chunk that is not wanted. What would follow it is not wanted either: a message has all its chunks or is none.</summary>
    public async ValueTask<SmtpReply?> SkipAsync(SmtpSession session, BdatArguments chunk, SmtpReply refusal)
    {
        using var receiver = new MessageReceiver(session.Connection, message: null, isBinary: false, options, clock);
        var reception = await receiver.ReceiveChunkAsync(chunk);
        session.Connection.Transcript.Note(fromClient: true, $"chunk, {reception.Octets} octets");
        var earlier = session.ChunkRefusal;
        session.EndTransaction();
        if (!chunk.IsLast && session.State == SmtpStates.Ready)
            session.ChunkRefusal = earlier ?? new ChunkRefusal(refusal, refusal);
        return reception.ClientIsGone ? null : reception.Refusal ?? refusal;
    }

    private async ValueTask<SmtpReply> ConcludeAsync(SmtpSession session, SmtpTransaction transaction, IncomingMessage message, Reception reception, bool isWhole)
    {
        transaction.ReceivedAt = clock.GetUtcNow();
        transaction.Header = message.Header;
        transaction.Octets = reception.Octets;
        var reply = reception.Refusal ?? await JudgeAsync(session, transaction, message) ?? await CompleteAsync(session, transaction, message);
        var outcome = reply is null ? await acceptance.AcceptAsync(transaction.ToHandover(message)) : null;
        reply ??= outcome is AcceptanceOutcome.OfEach { Outcomes: var each }
            ? RepliesToEach.Of([.. each.Select(one => ReplyTo(one, transaction))], transaction)
            : ReplyTo(outcome!, transaction);
        if (isWhole && outcome is not AcceptanceOutcome.OfEach)
            reply = RepliesToEach.Same(reply, transaction);
        if (reply.IsPositive)
        {
            transaction.Accept();
            session.ForgetErrors();
            log.Accepted(transaction.QueueId.Value, session.Peer, transaction.ReversePath.ToString(), transaction.RecipientCount, reception.Octets);
        }
        else
        {
            transaction.Refuse(reply);
            log.Refused(transaction.QueueId.Value, session.Peer, transaction.ReversePath.ToString(), reply.ToString());
        }

        MtaMeter.Concluded(session.Role, reply, reception.Octets);

        return reply;
    }

    private async ValueTask<SmtpReply?> CompleteAsync(SmtpSession session, SmtpTransaction transaction, IncomingMessage message)
    {
        try
        {
            if (session.IsSubmission)
                await message.RemoveFieldsAsync(SubmittedHeader.IsBlindCopy);
            await message.CompleteAsync(ReceivedField.For(session, transaction, options.HostName, message.Header));
            return null;
        }
        catch (IOException)
        {
            return SmtpReplies.StorageFull;
        }
    }

    private async ValueTask<SmtpReply?> JudgeAsync(SmtpSession session, SmtpTransaction transaction, IncomingMessage message)
    {
        try
        {
            await message.EndAsync();
        }
        catch (IOException)
        {
            return SmtpReplies.StorageFull;
        }

        var facts = new ContentFacts(session.Facts, transaction.ReversePath, transaction.Local, transaction.Remote, message.Header, message);
        return await policies.AtMessageAsync(facts, transaction.Record, CancellationToken.None) is { } objection ? SmtpReplies.Of(objection) : null;
    }

    private static SmtpReply ReplyTo(AcceptanceOutcome outcome, SmtpTransaction transaction) => outcome switch
    {
        AcceptanceOutcome.Accepted => SmtpReplies.Accepted(transaction.QueueId.Value),
        AcceptanceOutcome.Refused refused => SmtpReplies.Of(refused.Status, refused.Reason),
        AcceptanceOutcome.Deferred deferred => SmtpReplies.Of(deferred.Status, deferred.Reason),
        _ => throw new InvalidOperationException($"There is no outcome {outcome}."),
    };
}

/// <summary>What the chunks hear that are still to come of a message that is refused already.</summary>
/// <param name="ToLast">To the last one: in LMTP a reply for each recipient (RFC 2033 §4.3).</param>
internal sealed record ChunkRefusal(SmtpReply ToOthers, SmtpReply ToLast);
