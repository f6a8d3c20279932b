using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>CLOSE (RFC 9051 §6.4.1): messages with \Deleted go, and nothing is told. Who may not remove them just leaves.</summary>
internal sealed class CloseCommand(MessageStore messages) : IImapCommand
{
    public string Name => "CLOSE";

    public ImapStates AllowedIn => ImapStates.Selected;

    public ImapUpdates Updates => ImapUpdates.None;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (line.HasArguments)
            return ImapAnswers.NoArguments;

        var mailbox = SelectedMailbox.Of(session);
        if (mailbox.Allows(MailboxRights.Expunge) && DeletedMessages.Of(mailbox.Latest) is { Count: > 0 } uids
            && await messages.ExpungeAsync(mailbox.Handle.Id, uids, onlyDeleted: true, cancellationToken) is { Result: not StoreResult.Done } failed)
        {
            return SelectedMessages.Refusal(failed.Result);
        }

        session.Select(null);
        return ImapAnswer.Ok("Closed.");
    }
}
