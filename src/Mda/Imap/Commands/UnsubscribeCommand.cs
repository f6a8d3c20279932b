using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>UNSUBSCRIBE (RFC 9051 §6.3.8). A name that is not on the list is none afterwards either, so that is OK.</summary>
internal sealed class UnsubscribeCommand(MailboxNames names) : IImapCommand
{
    public string Name => "UNSUBSCRIBE";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.IsAtEnd ? UnsubscribeAsync(session, name, cancellationToken) : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> UnsubscribeAsync(ImapSession session, string name, CancellationToken cancellationToken)
    {
        await names.UnsubscribeAsync(session.AccountId, name, cancellationToken);
        return ImapAnswer.Ok("Not subscribed.");
    }
}
