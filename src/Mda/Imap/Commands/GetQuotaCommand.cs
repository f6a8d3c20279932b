using System.Text;
using MailSuite.Mda.Imap.Listing;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>GETQUOTA (RFC 9208 §4.1.1): each person's own root.</summary>
internal sealed class GetQuotaCommand(Quotas quotas) : IImapCommand
{
    public string Name => "GETQUOTA";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "QUOTA";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryAString(out var root) && parser.IsAtEnd ? TellAsync(session, Encoding.UTF8.GetString(root), cancellationToken) : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> TellAsync(ImapSession session, string name, CancellationToken cancellationToken)
    {
        if (await quotas.FindAsync(session.AccountId, cancellationToken) is not { } root || root.Name != name)
            return ImapAnswer.No("You have no such quota root.", "NONEXISTENT");

        QuotaResponse.Write(session.Writer, root);
        return ImapAnswer.Ok("That is all.");
    }
}
