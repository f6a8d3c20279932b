using MailSuite.Mda.Imap.Listing;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>LIST with all its options (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154, RFC 8440, RFC 9590). However many mailboxes there are, it asks the store once.</summary>
internal sealed class ListCommand(MailboxNames names, Annotations annotations, ImapOptions options) : IImapCommand
{
    public string Name => "LIST";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken) =>
        ListRequest.TryParse(line.Parse(), session.Utf8, out var request) ? TellAsync(session, request!, cancellationToken) : new(ImapAnswers.Syntax);

    private async ValueTask<ImapAnswer> TellAsync(ImapSession session, ListRequest request, CancellationToken cancellationToken)
    {
        if (request is { AsksSeparator: true, IsExtended: false })
        {
            var root = MailboxPlace.IsBelowOtherUsers(request.Reference) ? MailboxPlace.OtherUsersPrefix : string.Empty;
            session.Writer.Raw("* LIST (\\Noselect) \"/\" "u8).Mailbox(root).Crlf();
            return ImapAnswer.Ok("That is all.");
        }

        var listing = await names.ListAsync(session.AccountId, cancellationToken);
        var tree = new NamespaceTree(listing, session.AccountId);
        var answer = new ListAnswer(request, tree, session.Enabled.HasFlag(ImapExtensions.Imap4Rev2))
        {
            Annotations = request.ReturnMetadata.Count > 0 ? await annotations.ListAllAsync(session.AccountId, listing, cancellationToken) : null,
        };
        if (request.ReturnStatus is { } items)
        {
            if (items.Contains(StatusItem.HighestModSeq))
                session.Enable(ImapExtensions.CondStore);
            if (items.Contains(StatusItem.DeletedStorage))
                answer.DeletedOctets = await names.DeletedOctetsAsync([.. answer.Chosen.Select(name => name.Mailbox).OfType<ListedMailbox>()], cancellationToken);
        }

        await answer.WriteAsync(session, options, cancellationToken);
        return ImapAnswer.Ok("That is all.");
    }
}
