using MailSuite.Mda.Imap.Listing;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>GETQUOTAROOT (RFC 9208 §4.1.2): a mailbox counts against its owner.</summary>
internal sealed class GetQuotaRootCommand(MailboxNames names, Quotas quotas) : IImapCommand
{
    public string Name => "GETQUOTAROOT";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "QUOTA";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.IsAtEnd ? TellAsync(session, name, cancellationToken) : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> TellAsync(ImapSession session, string name, CancellationToken cancellationToken)
    {
        var mailbox = await names.ResolveAsync(session.AccountId, name, cancellationToken);
        if (NamespaceAnswers.Judge(mailbox, MailboxRights.Read) is { } refused)
            return refused;

        var root = await quotas.FindAsync(mailbox!.Owner, cancellationToken);
        session.Writer.Raw("* QUOTAROOT "u8).Mailbox(mailbox.Name);
        if (root is not null)
            session.Writer.Space().AString(root.Name);
        session.Writer.Crlf();
        if (root is not null)
            QuotaResponse.Write(session.Writer, root);
        return ImapAnswer.Ok("That is all.");
    }
}
