using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>SUBSCRIBE (RFC 9051 §6.3.7).</summary>
internal sealed class SubscribeCommand(MailboxNames names) : IImapCommand
{
    public string Name => "SUBSCRIBE";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.IsAtEnd ? SubscribeAsync(session, name, cancellationToken) : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> SubscribeAsync(ImapSession session, string name, CancellationToken cancellationToken) =>
        NamespaceAnswers.Of(await names.SubscribeAsync(session.AccountId, name, cancellationToken), "Subscribed.");
}
