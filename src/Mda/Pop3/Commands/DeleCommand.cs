using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>DELE: the message is to be removed at QUIT (RFC 1939 §5).</summary>
internal sealed class DeleCommand : IPop3Command
{
    public string Keyword => "DELE";

    public Pop3States AllowedIn => Pop3States.Transaction;

    public ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (MessageArgument.Find(session, arguments, out var number) is { } refusal)
            return new(refusal);

        session.Maildrop.Delete(number);
        return new(Pop3Replies.Deleted(number));
    }
}
