using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp;

/// <summary>The end of a message in LMTP: a reply for each RCPT that was accepted, in their order, the same recipient named twice answered twice (RFC 2033 §4.2, §4.3).</summary>
internal static class RepliesToEach
{
    /// <summary>A reply that concerns the whole message, for each recipient where each is answered.</summary>
    public static SmtpReply Same(SmtpReply reply, SmtpTransaction transaction) =>
        transaction.Answered.Count > 1 ? SmtpReply.Series([.. transaction.Answered.Select(_ => reply)]) : reply;

    /// <param name="replies">One for each different recipient, in the order of <see cref="SmtpTransaction.Recipients"/>.</param>
    public static SmtpReply Of(IReadOnlyList<SmtpReply> replies, SmtpTransaction transaction)
    {
        var byRecipient = new Dictionary<EnvelopeAddress, SmtpReply>(replies.Count);
        foreach (var (recipient, reply) in transaction.Recipients.Zip(replies))
            byRecipient.Add(recipient, reply);

        if (replies.Any(reply => reply.IsPositive))
        {
            foreach (var (recipient, reply) in byRecipient.Where(answer => !answer.Value.IsPositive))
                transaction.AddRefused(recipient, reply);
        }

        return SmtpReply.Series([.. transaction.Answered.Select(recipient => byRecipient[recipient])]);
    }
}
