using System.Text;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>LISTRIGHTS (RFC 4314 §3.4): the owner always has all, everybody else may be given each right by itself.</summary>
internal sealed class ListRightsCommand(MailboxAccess access) : IImapCommand
{
    public string Name => "LISTRIGHTS";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "ACL";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.TrySpace() && parser.TryAString(out var identifier) && parser.IsAtEnd
            ? TellAsync(session, name, Encoding.UTF8.GetString(identifier), cancellationToken)
            : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> TellAsync(ImapSession session, string name, string identifier, CancellationToken cancellationToken)
    {
        var list = await access.ListAsync(session.AccountId, name, cancellationToken);
        if (list.Refused is { } refused)
            return NamespaceAnswers.Refused(refused);
        if (MailboxAccess.Fold(identifier) is not { } folded)
            return ImapAnswer.No("That is neither an address nor anyone.", "CANNOT");

        session.Writer.Raw("* LISTRIGHTS "u8).Mailbox(name).Space().AString(identifier).Space()
            .Raw(folded == list.Owner ? RightsLetters.FormatForWire(MailboxRights.All) : "\"\" l r s w i p k x t e a c d").Crlf();
        return ImapAnswer.Ok("That is all.");
    }
}
