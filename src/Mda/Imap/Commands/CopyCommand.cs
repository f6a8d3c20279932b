using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>COPY and UID COPY (RFC 9051 §6.4.7): all messages or none.</summary>
internal sealed class CopyCommand(bool byUid, MessageStore messages, MailboxNames names) : IImapCommand
{
    public string Name => byUid ? "UID COPY" : "COPY";

    public ImapStates AllowedIn => ImapStates.Selected;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var transfer = await MessageTransfer.BeginAsync(session, line, byUid, names, cancellationToken);
        if (transfer.Refusal is { } refusal)
            return refusal;
        if (transfer.Uids.Length == 0)
            return ImapAnswer.Ok("There was nothing to copy.");

        var outcome = await messages.CopyAsync(SelectedMailbox.Of(session).Handle.Id, transfer.Uids, transfer.Target, cancellationToken, kept: transfer.Kept);
        return outcome.Result == StoreResult.Done ? ImapAnswer.Ok("Copied.", MessageTransfer.CodeOf(outcome)) : SelectedMessages.Refusal(outcome.Result);
    }
}
