using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Smtp;

/// <summary>Tells the journey what became of a mail transaction, with its dialogue.</summary>
internal sealed class SmtpJournal(IJourneyRecorder recorder, MtaOptions options, TimeProvider clock)
{
    public void Record(SmtpSession session, SmtpTransaction transaction)
    {
        if (!transaction.IsAccepted && transaction.Refusal is null && transaction.RefusedRecipients.Count == 0)
            return;

        var dialogue = session.Connection.Transcript.ToList();
        var facts = FactsOf(transaction);
        if (!transaction.Record.IsEmpty)
            RecordDecisions(session, transaction);

        if (transaction.IsAccepted)
        {
            recorder.Record(Event(session, transaction, JourneyStep.Accepted, $"{options.HostName} accepted the message from {session.Peer} as {transaction.QueueId}") with
            {
                Reason = ReasonOf(session, transaction),
                Dialogue = dialogue,
                Facts = facts,
            });
        }
        else if (transaction.Refusal is { } refusal)
        {
            recorder.Record(Event(session, transaction, JourneyStep.Refused, $"{options.HostName} refused the message of {session.Peer}") with
            {
                Reason = refusal.ToString(),
                Dialogue = dialogue,
                Facts = facts,
            });
        }

        foreach (var refused in transaction.RefusedRecipients)
        {
            recorder.Record(Event(session, transaction, JourneyStep.Refused, $"{options.HostName} refused the recipient <{refused.Recipient}>") with
            {
                Reason = refused.Reply.ToString(),
                Recipients = [refused.Recipient],
                Dialogue = dialogue,
                Facts = transaction.IsAccepted ? null : facts with { Recipients = [refused.Recipient] },
            });
        }
    }

    /// <summary>What the policies said: of the message together, of each recipient apart, since recipients must not learn of each other.</summary>
    private void RecordDecisions(SmtpSession session, SmtpTransaction transaction)
    {
        var ofMessage = transaction.Record.Decisions.Where(decision => decision.Recipient is null).ToList();
        if (ofMessage.Count > 0)
            recorder.Record(Event(session, transaction, JourneyStep.Checked, $"{options.HostName} checked the message of {session.Peer}") with { Reason = string.Join('\n', ofMessage) });

        foreach (var decision in transaction.Record.Decisions)
        {
            if (decision.Recipient is { } recipient)
            {
                recorder.Record(Event(session, transaction, JourneyStep.Checked, $"{options.HostName} checked the recipient <{recipient}>") with
                {
                    Reason = decision.ToString(),
                    Recipients = [recipient],
                });
            }
        }
    }

    private static MessageFacts FactsOf(SmtpTransaction transaction) => new()
    {
        MessageId = transaction.Header?.MessageId,
        Subject = transaction.Header?.Subject,
        QueueId = transaction.QueueId.Value,
        ReversePath = transaction.ReversePath,
        Recipients = [.. transaction.Recipients],
        Octets = transaction.Octets,
    };

    /// <summary>Why the client was allowed to send it.</summary>
    private static string ReasonOf(SmtpSession session, SmtpTransaction transaction)
    {
        var way = session.Tls is { } tls ? tls.Protocol : "without TLS";
        var right = session.Account is { } account ? $"{account.Address} is authenticated"
            : session.Role == SmtpRole.Local ? "it comes from a program of this machine"
            : "its recipients are local";
        var where = !transaction.HasRemote ? "" : session.Account is not null || session.Role == SmtpRole.Local ? " and may relay" : ", forwarded, or of domains that this host relays for";
        return $"{right}{where}, {way}{AfterwardOf(transaction.Terminal)}";
    }

    /// <summary>What the verb asked for, where it was not MAIL.</summary>
    private static string AfterwardOf(TerminalUse use) => use switch
    {
        TerminalUse.Send => "; shown on screens and kept nowhere",
        TerminalUse.SendOrMail => "; shown to who is there, for the others mailed",
        TerminalUse.SendAndMail => "; mailed, and shown to who is there",
        _ => "",
    };

    /// <summary>The event of this step. When the message was accepted it happened as the dot came: before what the acceptance led to.</summary>
    private JourneyEvent Event(SmtpSession session, SmtpTransaction transaction, JourneyStep step, string summary) =>
        new(transaction.Journey, transaction.IsAccepted ? transaction.ReceivedAt : clock.GetUtcNow(), RoleOf(session.Role, session.Account), step, options.HostName.Ascii, summary)
        {
            Peer = session.Peer,
        };

    private static MailRole RoleOf(SmtpRole role, Account? account) => role is SmtpRole.Mx or SmtpRole.Lmtp && account is null ? MailRole.Mta : MailRole.Msa;
}
