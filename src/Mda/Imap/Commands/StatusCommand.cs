using MailSuite.Mda.Imap.Listing;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>STATUS (RFC 9051 §6.3.11; RFC 7162 §3.1.7, RFC 7889 §3.1, RFC 8438, RFC 8474 §4.3, RFC 9208 §4.1.4): from counters, without opening the mailbox.</summary>
internal sealed class StatusCommand(MailboxNames names, ImapOptions options) : IImapCommand
{
    public string Name => "STATUS";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.TrySpace() && StatusItems.TryParse(ref parser, out var items) && parser.IsAtEnd
            ? TellAsync(session, name, items, cancellationToken)
            : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> TellAsync(ImapSession session, string name, StatusItems items, CancellationToken cancellationToken)
    {
        var mailbox = await names.ResolveListedAsync(session.AccountId, name, cancellationToken);
        if (NamespaceAnswers.Judge(mailbox?.Handle, MailboxRights.Read) is { } refused)
            return refused;

        var deleted = items.Contains(StatusItem.DeletedStorage) ? await names.DeletedOctetsAsync([mailbox!], cancellationToken) : null;
        // RFC 7162 §3.1: whoever asks for it wants to hear of it.
        if (items.Contains(StatusItem.HighestModSeq))
            session.Enable(ImapExtensions.CondStore);
        items.Write(session.Writer, mailbox!, deleted?.GetValueOrDefault(mailbox!.Handle.Id) ?? 0, options);
        return ImapAnswer.Ok("That is all.");
    }
}
