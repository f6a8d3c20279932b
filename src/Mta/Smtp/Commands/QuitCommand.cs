using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>QUIT: 221, then the server closes (RFC 5321 §4.1.1.10). An open transaction is forgotten.</summary>
internal sealed class QuitCommand : ISmtpCommand
{
    public string Verb => "QUIT";

    public string Syntax => "QUIT";

    public SmtpStates AllowedIn => SmtpStates.Any;

    public ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (arguments.Length > 0)
            return new(SmtpReplies.NoArguments);

        session.EndTransaction();
        return new(SmtpReplies.Goodbye);
    }
}
