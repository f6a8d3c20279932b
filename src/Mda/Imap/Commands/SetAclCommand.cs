using System.Text;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>SETACL (RFC 4314 §3.1).</summary>
internal sealed class SetAclCommand(MailboxAccess access) : IImapCommand
{
    public string Name => "SETACL";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "ACL";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        if (!parser.TryMailbox(session.Utf8, out var name) || !parser.TrySpace() || !parser.TryAString(out var identifier) || !parser.TrySpace()
            || !parser.TryAString(out var letters) || !parser.IsAtEnd)
        {
            return new(ImapAnswers.Syntax);
        }

        var how = letters is [(byte)'+', ..] ? RightsChange.Add : letters is [(byte)'-', ..] ? RightsChange.Remove : RightsChange.Replace;
        return RightsLetters.Parse(how == RightsChange.Replace ? letters : letters[1..]) is { } rights
            ? SetAsync(session, name, Encoding.UTF8.GetString(identifier), how, rights, cancellationToken)
            : new(ImapAnswer.Bad("There is no such right."));
    }

    private async ValueTask<ImapAnswer> SetAsync(ImapSession session, string name, string identifier, RightsChange how, MailboxRights rights, CancellationToken cancellationToken) =>
        NamespaceAnswers.Of(await access.SetAsync(session.AccountId, name, identifier, how, rights, cancellationToken), "The rights are set.");
}
