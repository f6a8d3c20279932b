using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>GETACL (RFC 4314 §3.3): the owner first, who has all rights, then the entries.</summary>
internal sealed class GetAclCommand(MailboxAccess access) : IImapCommand
{
    public string Name => "GETACL";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "ACL";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.IsAtEnd ? TellAsync(session, name, cancellationToken) : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> TellAsync(ImapSession session, string name, CancellationToken cancellationToken)
    {
        var list = await access.ListAsync(session.AccountId, name, cancellationToken);
        if (list.Refused is { } refused)
            return NamespaceAnswers.Refused(refused);

        var writer = session.Writer.Raw("* ACL "u8).Mailbox(name).Space().AString(list.Owner!).Space().Raw(RightsLetters.FormatForWire(MailboxRights.All));
        foreach (var entry in list.Entries)
            writer.Space().AString(entry.Identifier).Space().Raw(RightsLetters.FormatForWire(entry.Rights));
        writer.Crlf();
        return ImapAnswer.Ok("That is all.");
    }
}
