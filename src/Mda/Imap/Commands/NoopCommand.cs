using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>NOOP (RFC 9051 §6.1.2): what has changed is told, as with every command.</summary>
internal sealed class NoopCommand : IImapCommand
{
    public string Name => "NOOP";

    public ImapStates AllowedIn => ImapStates.Any;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken) =>
        new(line.HasArguments ? ImapAnswers.NoArguments : ImapAnswer.Ok("Done."));
}
