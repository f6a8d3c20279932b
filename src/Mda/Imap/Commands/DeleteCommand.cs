using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>DELETE (RFC 9051 §6.3.5).</summary>
internal sealed class DeleteCommand(MailboxNames names) : IImapCommand
{
    public string Name => "DELETE";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.IsAtEnd ? DeleteAsync(session, name, cancellationToken) : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> DeleteAsync(ImapSession session, string name, CancellationToken cancellationToken) =>
        NamespaceAnswers.Of(await names.DeleteAsync(session.AccountId, name, cancellationToken), "The mailbox is gone.");
}
