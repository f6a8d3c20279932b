using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>BDAT: a message in chunks of a known size (RFC 3030 §2); the 250 to the last one is the one to the message.</summary>
/// <remarks>
/// Allowed everywhere, since the chunk comes whatever the reply will be: it is read in every state, and never taken for commands. Where
/// its size cannot be read nobody knows where the next command begins, and the session ends.
/// </remarks>
internal sealed class BdatCommand(MessageIntake intake) : ISmtpCommand
{
    public string Verb => "BDAT";

    public string Syntax => "BDAT octets [LAST], then as many octets of the message";

    public SmtpStates AllowedIn => SmtpStates.Any;

    public SmtpReply ReplyToNoText => SmtpReplies.BadBdatSyntax;

    public ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (!BdatArguments.TryParse(arguments, out var chunk))
            return new(SmtpReplies.BadBdatSyntax);

        return RefusalOf(session, chunk) is { } refusal ? intake.SkipAsync(session, chunk, refusal) : intake.TakeAsync(session, chunk);
    }

    private static SmtpReply? RefusalOf(SmtpSession session, BdatArguments chunk) => session.State switch
    {
        SmtpStates.Connected => SmtpReplies.GreetFirst,
        // The rest of a message of which a chunk was refused hears the same: clients that pipeline look at the last reply.
        SmtpStates.Ready => (chunk.IsLast ? session.ChunkRefusal?.ToLast : session.ChunkRefusal?.ToOthers) ?? SmtpReplies.MailFirst,
        SmtpStates.InTransaction when session.Transaction.RecipientCount == 0 => SmtpReplies.NoValidRecipientsIn(session.Role),
        _ => null,
    };
}
