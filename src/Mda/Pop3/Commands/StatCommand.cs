using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>STAT: how many messages, how many octets; those deleted do not count (RFC 1939 §5).</summary>
internal sealed class StatCommand : IPop3Command
{
    public string Keyword => "STAT";

    public Pop3States AllowedIn => Pop3States.Transaction;

    public ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments) =>
        new(arguments.Length > 0 ? Pop3Replies.NoArguments : Pop3Replies.DropListing(session.Maildrop));
}
