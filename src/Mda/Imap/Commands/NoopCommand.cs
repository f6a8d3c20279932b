using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>NOOP (RFC 9051 §6.1.2): what has changed is told, as with every command, and what another process did as well.</summary>
internal sealed class NoopCommand : IImapCommand
{
    public string Name => "NOOP";

    public ImapStates AllowedIn => ImapStates.Any;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken) => PollAsync(session, line, cancellationToken);

    internal static async ValueTask<ImapAnswer> PollAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (line.HasArguments)
            return ImapAnswers.NoArguments;
        if (session.Selected is { } selected)
            await selected.RefreshMessagesAsync(cancellationToken);
        return ImapAnswer.Ok("Done.");
    }
}
