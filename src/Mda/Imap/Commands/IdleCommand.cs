using System.Text;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>IDLE (RFC 9051 §6.3.13): what changes is told at once, until the client says DONE. Nothing is polled: a commit wakes the session.</summary>
internal sealed class IdleCommand(ImapOptions options) : IImapCommand
{
    private const int MaxAnswerOctets = 128;

    public string Name => "IDLE";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "IDLE";

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (line.HasArguments)
            return ImapAnswers.NoArguments;

        session.Writer.Raw("+ Idling.\r\n"u8);
        session.Reader.Mark();
        var selected = session.Selected;
        selected?.Watch(session.Connection.Signal);
        try
        {
            while (true)
            {
                await session.TellUpdatesAsync(ImapUpdates.All, cancellationToken);
                var part = await session.Reader.ReadAnswerAsync(options.IdleTimeout, MaxAnswerOctets);
                if (part == CommandPart.Interrupted && !session.Connection.IsTimeOver && !session.Connection.IsStopping)
                    continue;
                if (part != CommandPart.Whole)
                    return session.EndOf(part);
                return Ascii.EqualsIgnoreCase(session.Reader.Line.Span, "DONE"u8) ? ImapAnswer.Ok("Done.") : ImapAnswer.Bad("IDLE ends with DONE.");
            }
        }
        finally
        {
            session.Watch();
        }
    }
}
