using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>RSET: no message is deleted any more (RFC 1939 §5).</summary>
internal sealed class RsetCommand : IPop3Command
{
    public string Keyword => "RSET";

    public Pop3States AllowedIn => Pop3States.Transaction;

    public ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (arguments.Length > 0)
            return new(Pop3Replies.NoArguments);

        session.Maildrop.Restore();
        return new(Pop3Replies.MaildropOpen(session.Maildrop));
    }
}
