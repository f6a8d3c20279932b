using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>LIST: the octets of each message, or of one (RFC 1939 §5): as many as RETR sends, dots and the end not counted.</summary>
internal sealed class ListCommand : IPop3Command
{
    public string Keyword => "LIST";

    public Pop3States AllowedIn => Pop3States.Transaction;

    public async ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (arguments.Length == 0)
        {
            await Listing.SendAsync(session, Pop3Replies.MaildropOpen(session.Maildrop), Listing.WriteOctets);
            return null;
        }

        return MessageArgument.Find(session, arguments, out var number) ?? Pop3Replies.ScanListing(number, session.Maildrop.OctetsOf(number));
    }
}
