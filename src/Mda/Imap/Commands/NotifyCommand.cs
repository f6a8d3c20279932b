using MailSuite.Mda.Imap.Notifying;
using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>NOTIFY (RFC 5465): what happens in other mailboxes is told as well, at any time.</summary>
internal sealed class NotifyCommand(NotifyTools tools) : IImapCommand
{
    private const string Known = "BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange MailboxMetadataChange ServerMetadataChange)";

    public string Name => "NOTIFY";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "NOTIFY";

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        if (!parser.TryNotify(session.Utf8, out var request))
            return ImapAnswers.Syntax;
        if (request.HasUnknownEvents)
            return ImapAnswer.No("There are no such events here.", Known);
        if (!request.IsConsistent)
            return ImapAnswer.Bad("These events do not go together.");

        session.Follow(null);
        if (request.Groups.Count == 0)
            return ImapAnswer.Ok("Nothing is told any more.");

        var source = new NotifySource(session, request, tools);
        try
        {
            await source.StartAsync(session, cancellationToken);
        }
        catch
        {
            source.Dispose();
            throw;
        }

        session.Follow(source);
        return ImapAnswer.Ok("You will hear of it.");
    }
}
