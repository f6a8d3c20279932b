using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>CHECK (RFC 3501 §6.4.1), which RFC 9051 has no more: all is on disk always, so it is NOOP.</summary>
internal sealed class CheckCommand : IImapCommand
{
    public string Name => "CHECK";

    public ImapStates AllowedIn => ImapStates.Selected;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken) => NoopCommand.PollAsync(session, line, cancellationToken);
}
