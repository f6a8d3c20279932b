using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>NAMESPACE (RFC 9051 §6.3.10): one's own mailboxes, those of others below <see cref="MailboxPlace.OtherUsers"/>, none that belong to nobody.</summary>
internal sealed class NamespaceCommand : IImapCommand
{
    public string Name => "NAMESPACE";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (line.HasArguments)
            return new(ImapAnswers.NoArguments);

        session.Writer.Raw("* NAMESPACE ((\"\" \"/\")) ((\""u8).Raw(MailboxPlace.OtherUsersPrefix).Raw("\" \"/\")) NIL"u8).Crlf();
        return new(ImapAnswer.Ok("That is all."));
    }
}
