using MailSuite.Mda.Imap.Listing;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>SETMETADATA (RFC 5464 §4.3): all values or none.</summary>
internal sealed class SetMetadataCommand(MailboxNames names, Annotations annotations) : IImapCommand
{
    private static readonly ImapAnswer TooLarge = ImapAnswer.No("A value is too long.", $"METADATA MAXSIZE {Annotations.MaxValueOctets}");

    private static readonly ImapAnswer TooMany = ImapAnswer.No("There are too many values.", "METADATA TOOMANY");

    public string Name => "SETMETADATA";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "METADATA";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        return parser.TryMailbox(session.Utf8, out var name) && parser.TrySpace() && MetadataGrammar.TryChanges(ref parser, out var changes) && parser.IsAtEnd
            ? SetAsync(session, name, changes, cancellationToken)
            : new(ImapAnswers.Syntax);
    }

    private async ValueTask<ImapAnswer> SetAsync(ImapSession session, string name, List<AnnotationChange> changes, CancellationToken cancellationToken)
    {
        var mailbox = name.Length == 0 ? null : await names.ResolveAsync(session.AccountId, name, cancellationToken);
        if (name.Length > 0 && mailbox is null)
            return NamespaceAnswers.NonExistent;

        return await annotations.SetAsync(session.AccountId, mailbox, changes, cancellationToken) switch
        {
            AnnotationOutcome.Done => ImapAnswer.Ok("The values are set."),
            AnnotationOutcome.NonExistent => NamespaceAnswers.NonExistent,
            AnnotationOutcome.NoPermission => NamespaceAnswers.Refused(NamespaceOutcome.Refused.NoPermission),
            AnnotationOutcome.TooLarge => TooLarge,
            AnnotationOutcome.TooMany => TooMany,
            _ => ImapAnswer.No("The mailbox cannot have that special use.", "USEATTR"),
        };
    }
}
