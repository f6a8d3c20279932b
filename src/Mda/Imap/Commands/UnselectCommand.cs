using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>UNSELECT (RFC 9051 §6.4.2): leaves the mailbox as it is.</summary>
internal sealed class UnselectCommand : IImapCommand
{
    public string Name => "UNSELECT";

    public ImapStates AllowedIn => ImapStates.Selected;

    public ImapUpdates Updates => ImapUpdates.None;

    public string Capability => "UNSELECT";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (line.HasArguments)
            return new(ImapAnswers.NoArguments);
        session.Select(null);
        return new(ImapAnswer.Ok("Left."));
    }
}
