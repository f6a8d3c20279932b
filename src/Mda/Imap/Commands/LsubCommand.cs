using MailSuite.Mda.Imap.Listing;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>LSUB (RFC 3501 §6.3.9), for clients of IMAP4rev1: the list of subscriptions, whether their mailboxes are there or not.</summary>
internal sealed class LsubCommand(MailboxNames names) : IImapCommand
{
    public string Name => "LSUB";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken) =>
        ListRequest.TryParseLsub(line.Parse(), session.Utf8, out var request) ? TellAsync(session, request!, cancellationToken) : new(ImapAnswers.Syntax);

    private async ValueTask<ImapAnswer> TellAsync(ImapSession session, ListRequest request, CancellationToken cancellationToken)
    {
        if (request.AsksSeparator)
        {
            session.Writer.Untagged("LSUB (\\Noselect) \"/\" \"\"");
            return ImapAnswer.Ok("That is all.");
        }

        var tree = new NamespaceTree(await names.ListAsync(session.AccountId, cancellationToken), session.AccountId);
        // "If foo/bar is subscribed and foo is not, a % wildcard tells foo, and that it is not subscribed."
        var above = tree.Above(static name => name.IsSubscribed, Matches);
        foreach (var name in tree.Names)
        {
            if (!Matches(name) || !(name.IsSubscribed || above.GetValueOrDefault(name)))
                continue;
            session.Writer.Raw(name.IsSubscribed ? "* LSUB () \"/\" "u8 : "* LSUB (\\Noselect) \"/\" "u8).Mailbox(name.Name).Crlf();
            await session.Writer.FlushBySizeAsync(cancellationToken);
        }

        return ImapAnswer.Ok("That is all.");

        bool Matches(ListedName name) => request.Patterns.Any(pattern => pattern.Matches(name.Name));
    }
}
