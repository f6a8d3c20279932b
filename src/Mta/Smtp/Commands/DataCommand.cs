using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>DATA: the message itself, and with its 250 the responsibility for it (RFC 5321 §4.1.1.4, §6.1).</summary>
internal sealed class DataCommand(MailAcceptance acceptance, IncomingDirectory incoming, MtaOptions options, TimeProvider clock, ILogger<SmtpServer> log) : ISmtpCommand
{
    public string Verb => "DATA";

    public string Syntax => "DATA, then the message, then a dot on a line of its own";

    public SmtpStates AllowedIn => SmtpStates.InTransaction;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (arguments.Length > 0)
            return SmtpReplies.NoArguments;

        var transaction = session.Transaction;
        if (transaction.RecipientCount == 0)
            return session.Role == SmtpRole.Lmtp ? SmtpReplies.NoValidRecipientsInLmtp : SmtpReplies.NoValidRecipients;

        session.Connection.Write(SmtpReplies.StartData);
        await using var message = new IncomingMessage(incoming, options.SpillOctets, transaction.DeclaredOctets);
        SmtpReply? reply;
        try
        {
            reply = await ReceiveAsync(session, transaction, message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Where in the message the client is, nobody knows now: the next line must not be taken for a command.
            log.ReceptionFailed(e, session.Peer);
            reply = SmtpReplies.LocalError.AndClose();
        }

        session.EndTransaction();
        return reply;
    }

    private async ValueTask<SmtpReply?> ReceiveAsync(SmtpSession session, SmtpTransaction transaction, IncomingMessage message)
    {
        var reception = await new MessageReceiver(session.Connection, options, clock).ReceiveAsync(message);
        session.Connection.Transcript.Note(fromClient: true, $"message, {reception.Octets} octets");
        var reply = reception.Refusal;
        if (reception.ClientIsGone)
            return null;

        transaction.ReceivedAt = clock.GetUtcNow();
        transaction.Header = message.Header;
        transaction.Octets = reception.Octets;
        reply ??= Judge(message.Header) ?? await CompleteAsync(session, transaction, message);
        var outcome = reply is null ? await acceptance.AcceptAsync(transaction.ToHandover(message)) : null;
        reply = outcome is AcceptanceOutcome.OfEach { Outcomes: var each }
            ? RepliesToEach.Of([.. each.Select(one => ReplyTo(one, transaction))], transaction)
            : RepliesToEach.Same(reply ?? ReplyTo(outcome!, transaction), transaction);
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

        return reply;
    }

    private async ValueTask<SmtpReply?> CompleteAsync(SmtpSession session, SmtpTransaction transaction, IncomingMessage message)
    {
        try
        {
            await message.CompleteAsync(ReceivedField.For(session, transaction, options.HostName, message.Header));
            return null;
        }
        catch (IOException)
        {
            return SmtpReplies.StorageFull;
        }
    }

    private SmtpReply? Judge(HeaderScan header)
    {
        // DEVIATION: RFC 5322 §4 has NUL as obsolete and wants it read; in a header it only ever misleads a program that reads on.
        if (header.HasNul)
            return SmtpReplies.NulInHeader;
        return header.ReceivedFields > options.MaxReceivedFields ? SmtpReplies.RoutingLoop : null;
    }

    private static SmtpReply ReplyTo(AcceptanceOutcome outcome, SmtpTransaction transaction) => outcome switch
    {
        AcceptanceOutcome.Accepted => SmtpReplies.Accepted(transaction.QueueId.Value),
        AcceptanceOutcome.Refused refused => SmtpReplies.Of(refused.Status, refused.Reason),
        AcceptanceOutcome.Deferred deferred => SmtpReplies.Of(deferred.Status, deferred.Reason),
        _ => throw new InvalidOperationException($"There is no outcome {outcome}."),
    };
}
