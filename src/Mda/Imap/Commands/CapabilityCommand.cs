using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>CAPABILITY (RFC 9051 §6.1.1): what this session has.</summary>
internal sealed class CapabilityCommand : IImapCommand
{
    public string Name => "CAPABILITY";

    public ImapStates AllowedIn => ImapStates.Any;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (line.HasArguments)
            return new(ImapAnswers.NoArguments);

        session.Writer.Raw("* CAPABILITY "u8);
        session.Capabilities.Write(session);
        session.Writer.Crlf();
        return new(ImapAnswer.Ok("That is all."));
    }
}
