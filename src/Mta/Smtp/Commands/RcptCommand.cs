using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>RCPT: adds one recipient to the mail transaction (RFC 5321 §4.1.1.3). A refusal leaves the transaction as it was.</summary>
internal sealed class RcptCommand(RecipientPolicy policy, SourceRoutePolicy routes, PolicyChain policies, RatePolicy rates, TerminalDelivery terminals, IReadOnlyList<ISmtpExtension> extensions, MtaOptions options) : ISmtpCommand
{
    private readonly ParameterTable _parameters = new(extensions, extension => extension.RcptParameters);

    public string Verb => "RCPT";

    public string Syntax => "RCPT TO:<user@example.net> [NOTIFY=NEVER|SUCCESS,FAILURE,DELAY] [ORCPT=rfc822;user@example.net]";

    public SmtpStates AllowedIn => SmtpStates.InTransaction;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (!RcptArguments.TryParse(arguments, out var rcpt, out var error))
            return error;

        var recipient = new EnvelopeRecipient(policy.AddressOf(rcpt.ForwardPath));
        foreach (var parameter in rcpt.Parameters)
        {
            if (Apply(parameter, session, ref recipient) is { } refusal)
                return refusal;
        }

        var transaction = session.Transaction;
        if (!rcpt.PathIsAscii && !transaction.SmtpUtf8)
            return SmtpReplies.NonAsciiAddress;

        if (transaction.AcceptedRcpts >= options.MaxRecipients)
            return SmtpReplies.TooManyRecipients;

        if (rcpt.ForwardPath.Route.Count > 0)
            recipient = recipient with { Route = await routes.RestOfAsync(rcpt.ForwardPath, CancellationToken.None) };

        // LMTP relays nothing, and says so in its own words.
        var isLmtp = session.Role == SmtpRole.Lmtp;
        var mayRelay = isLmtp || policy.MayRelay(session.Facts);
        var ruling = recipient.Route.Count > 0 ? policy.JudgeRouted(recipient, mayRelay) : await policy.JudgeAsync(recipient.Address, mayRelay, CancellationToken.None);
        if (isLmtp && ruling is RecipientRuling.Relay or RecipientRuling.Forward)
            return Refuse(transaction, ruling.Recipient, SmtpReplies.MailboxesHereOnly);
        if (transaction.Terminal == TerminalUse.Send && await JudgeTerminalAsync(ruling) is { } absent)
            return Refuse(transaction, ruling.Recipient, absent);

        if (ruling is not RecipientRuling.Refuse)
        {
            var facts = new RecipientFacts(session.Facts, transaction.ReversePath, ruling.Recipient, ruling is RecipientRuling.Deliver, transaction.RecipientCount);
            if (await policies.AtRecipientAsync(facts, transaction.Record, CancellationToken.None) is { } objection)
                return Refuse(transaction, ruling.Recipient, SmtpReplies.Of(objection));
        }

        switch (ruling)
        {
            case RecipientRuling.Deliver:
                transaction.AddLocal(recipient);
                return SmtpReplies.RecipientOk;
            case RecipientRuling.Relay:
                transaction.AddRemote(recipient);
                if (routes.IsMoved(rcpt.ForwardPath, recipient.Route))
                    transaction.OnwardReversePath = routes.Outgoing(transaction.ReversePath);
                return SmtpReplies.RecipientOk;
            case RecipientRuling.Forward forward when !transaction.MayForward || (transaction.RecipientCount > 0 && transaction.RecipientCount + forward.Elsewhere.Count > options.MaxRecipients):
                return SmtpReplies.TooManyRecipients;
            case RecipientRuling.Forward forward:
                transaction.AddForwarded(recipient, forward.Elsewhere, forward.AlsoHere);
                // Where somebody's mail goes is theirs to tell (RFC 5321 §3.4).
                return options.TellForwarding && forward is { Elsewhere: [var to], AlsoHere: false } ? SmtpReplies.WillForward(to, transaction.SmtpUtf8) : SmtpReplies.RecipientOk;
            case RecipientRuling.Refuse refuse:
                if (refuse.Status.IsPermanent)
                    rates.CountRefused(session.Facts);
                return Refuse(transaction, refuse.Recipient, SmtpReplies.Of(refuse.Status, refuse.Reason));
            default:
                throw new InvalidOperationException($"There is no ruling {ruling}.");
        }
    }

    private SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, ref EnvelopeRecipient recipient) =>
        _parameters.TryFind(parameter.Keyword, out var extension) ? extension.Apply(parameter, session, ref recipient) : SmtpReplies.UnknownParameter;

    /// <summary>SEND reaches only who sits before a screen of ours (RFC 821 §3.4).</summary>
    private async ValueTask<SmtpReply?> JudgeTerminalAsync(RecipientRuling ruling) => ruling switch
    {
        RecipientRuling.Deliver deliver => await terminals.IsThereAsync(deliver.Recipient, CancellationToken.None) ? null : SmtpReplies.NotThere,
        RecipientRuling.Relay or RecipientRuling.Forward => SmtpReplies.NoTerminalElsewhere,
        _ => null,
    };

    private static SmtpReply Refuse(SmtpTransaction transaction, EnvelopeAddress recipient, SmtpReply reply)
    {
        transaction.AddRefused(recipient, reply);
        return reply;
    }
}
