using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>MOVE and UID MOVE (RFC 9051 §6.4.8, RFC 6851).</summary>
internal sealed class MoveCommand(bool byUid, MessageStore messages, MailboxNames names) : IImapCommand
{
    public string Name => byUid ? "UID MOVE" : "MOVE";

    public ImapStates AllowedIn => ImapStates.Selected;

    public string Capability => "MOVE";

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var transfer = await MessageTransfer.BeginAsync(session, line, byUid, names, cancellationToken);
        if (transfer.Refusal is { } refusal)
            return refusal;

        var mailbox = SelectedMailbox.Of(session);
        if (mailbox.IsReadOnly)
            return ImapAnswers.ReadOnly;
        if (!mailbox.Allows(MailboxRights.DeleteMessages | MailboxRights.Expunge))
            return ImapAnswers.NoPermission;
        if (transfer.Uids.Length == 0)
            return ImapAnswer.Ok("There was nothing to move.");

        var outcome = await messages.MoveAsync(mailbox.Handle.Id, transfer.Uids, transfer.Target, cancellationToken, kept: transfer.Kept);

        // Before the messages go from here, where they went to (RFC 6851 §4.3); also of those that went before a fault.
        if (MessageTransfer.CodeOf(outcome) is { } code)
            session.Writer.Raw("* OK ["u8).Raw(code).Raw("] Moved.\r\n"u8);
        if (outcome.Result != StoreResult.Done)
            return SelectedMessages.Refusal(outcome.Result);
        return ImapAnswer.Ok("Moved.", await mailbox.TellAllAsync(session, cancellationToken));
    }
}
