using MailSuite.Mta.Smtp.Replies;
using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>DATA: the message itself, and with its 250 the responsibility for it (RFC 5321 §4.1.1.4, §6.1).</summary>
internal sealed class DataCommand(MessageIntake intake) : ISmtpCommand
{
    public string Verb => "DATA";

    public string Syntax => "DATA, then the message, then a dot on a line of its own";

    public SmtpStates AllowedIn => SmtpStates.InTransaction;

    public bool EndsGroup => true;

    public ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (arguments.Length > 0)
            return new(SmtpReplies.NoArguments);

        if (session.Transaction.RecipientCount == 0)
            return new(SmtpReplies.NoValidRecipientsIn(session.Role));

        // Lines and dots cannot carry it (RFC 3030 §3).
        if (session.Transaction.Body == BodyType.Binary)
            return new(SmtpReplies.BinaryNeedsChunks);

        session.Connection.Write(SmtpReplies.StartData);
        return intake.TakeAsync(session, chunk: null);
    }
}
