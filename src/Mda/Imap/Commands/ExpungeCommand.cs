using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>EXPUNGE and UID EXPUNGE (RFC 9051 §6.4.3 and §6.4.9, RFC 4315 §2.1).</summary>
internal sealed class ExpungeCommand(bool byUid, MessageStore messages) : IImapCommand
{
    public string Name => byUid ? "UID EXPUNGE" : "EXPUNGE";

    public ImapStates AllowedIn => ImapStates.Selected;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        UidSet? set = null;
        if (byUid)
        {
            var parser = line.Parse();
            if (!parser.TryUidSet(out set) || !parser.IsAtEnd)
                return ImapAnswers.Syntax;
        }
        else if (line.HasArguments)
        {
            return ImapAnswers.NoArguments;
        }

        var mailbox = SelectedMailbox.Of(session);
        if (mailbox.IsReadOnly)
            return ImapAnswers.ReadOnly;
        if (!mailbox.Allows(MailboxRights.Expunge))
            return ImapAnswers.NoPermission;

        // With sets the client means messages that it knows; else all that have \Deleted now.
        if (set is not null)
            await mailbox.TellAsync(session, ImapUpdates.All, cancellationToken);
        var uids = set is null ? DeletedMessages.Of(mailbox.Latest) : DeletedMessages.Of(mailbox, mailbox.Find(set) ?? []);
        if (uids.Count > 0)
        {
            var outcome = await messages.ExpungeAsync(mailbox.Handle.Id, uids, onlyDeleted: true, cancellationToken);
            if (outcome.Result != StoreResult.Done)
                return SelectedMessages.Refusal(outcome.Result);
        }

        return ImapAnswer.Ok("Expunged.", await mailbox.TellAllAsync(session, cancellationToken));
    }
}
