using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>UNAUTHENTICATE (RFC 8437): nobody is signed in any more, nothing selected, nothing enabled. TLS and compression stay.</summary>
internal sealed class UnauthenticateCommand : IImapCommand
{
    public string Name => "UNAUTHENTICATE";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "UNAUTHENTICATE";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (line.HasArguments)
            return new(ImapAnswers.NoArguments);

        session.Leave();
        return new(ImapAnswer.Ok("Who are you?", session.Capabilities.CodeFor(session)));
    }
}
