using System.Text;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>DELETEACL (RFC 4314 §3.2).</summary>
internal sealed class DeleteAclCommand(MailboxAccess access) : IImapCommand
{
    public string Name => "DELETEACL";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "ACL";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.TrySpace() && parser.TryAString(out var identifier) && parser.IsAtEnd
            ? DeleteAsync(session, name, Encoding.UTF8.GetString(identifier), cancellationToken)
            : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> DeleteAsync(ImapSession session, string name, string identifier, CancellationToken cancellationToken) =>
        NamespaceAnswers.Of(await access.SetAsync(session.AccountId, name, identifier, RightsChange.Replace, MailboxRights.None, cancellationToken), "The entry is gone.");
}
