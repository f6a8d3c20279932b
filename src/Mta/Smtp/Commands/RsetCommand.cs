using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>RSET: forgets the transaction, keeps the greeting and the authentication (RFC 5321 §4.1.1.5).</summary>
internal sealed class RsetCommand : ISmtpCommand
{
    public string Verb => "RSET";

    public string Syntax => "RSET";

    public SmtpStates AllowedIn => SmtpStates.Any;

    public bool IsIdle => true;

    public ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (arguments.Length > 0)
            return new(SmtpReplies.NoArguments);

        session.EndTransaction();
        return new(SmtpReplies.Ok);
    }
}
