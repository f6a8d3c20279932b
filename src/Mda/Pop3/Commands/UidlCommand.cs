using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>UIDL: what each message is called in every session, or one (RFC 1939 §7): UIDVALIDITY and UID of IMAP.</summary>
internal sealed class UidlCommand : IPop3Command
{
    public string Keyword => "UIDL";

    public Pop3States AllowedIn => Pop3States.Transaction;

    public async ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (arguments.Length == 0)
        {
            await Listing.SendAsync(session, Pop3Replies.UniqueIdsFollow, Listing.WriteUniqueId);
            return null;
        }

        return MessageArgument.Find(session, arguments, out var number) ?? Pop3Replies.UniqueId(number, session.Maildrop.UniqueIdOf(number));
    }
}
