using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>RENAME (RFC 9051 §6.3.6).</summary>
internal sealed class RenameCommand(MailboxNames names) : IImapCommand
{
    public string Name => "RENAME";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.TrySpace() && parser.TryMailbox(session.Utf8, out var newName) && parser.IsAtEnd
            ? RenameAsync(session, name, newName is [.., MailboxName.Separator] ? newName[..^1] : newName, cancellationToken)
            : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> RenameAsync(ImapSession session, string name, string newName, CancellationToken cancellationToken) =>
        NamespaceAnswers.Of(await names.RenameAsync(session.AccountId, name, newName, cancellationToken), "The mailbox has its new name.");
}
