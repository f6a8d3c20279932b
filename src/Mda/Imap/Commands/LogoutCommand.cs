using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>LOGOUT (RFC 9051 §6.1.3): BYE, the answer, and the end.</summary>
internal sealed class LogoutCommand : IImapCommand
{
    public string Name => "LOGOUT";

    public ImapStates AllowedIn => ImapStates.Any;

    public ImapUpdates Updates => ImapUpdates.None;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (line.HasArguments)
            return new(ImapAnswers.NoArguments);

        session.Writer.Untagged("BYE Until next time.");
        return new(ImapAnswer.Ok("Goodbye.").AndClose());
    }
}
