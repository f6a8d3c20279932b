using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>MYRIGHTS (RFC 4314 §3.5): for whoever has any right.</summary>
internal sealed class MyRightsCommand(MailboxNames names) : IImapCommand
{
    public string Name => "MYRIGHTS";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "ACL";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.IsAtEnd ? TellAsync(session, name, cancellationToken) : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> TellAsync(ImapSession session, string name, CancellationToken cancellationToken)
    {
        if (await names.ResolveAsync(session.AccountId, name, cancellationToken) is not { } mailbox)
            return NamespaceAnswers.NonExistent;

        session.Writer.Raw("* MYRIGHTS "u8).Mailbox(mailbox.Name).Space().Raw(RightsLetters.FormatForWire(mailbox.Rights)).Crlf();
        return ImapAnswer.Ok("That is all.");
    }
}
