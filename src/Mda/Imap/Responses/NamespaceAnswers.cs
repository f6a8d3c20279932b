using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Responses;

/// <summary>What a change of mailboxes is answered with.</summary>
internal static class NamespaceAnswers
{
    public static readonly ImapAnswer NonExistent = Refused(NamespaceOutcome.Refused.NonExistent);

    /// <summary>Why a command may not use the mailbox; <see langword="null"/> when it may.</summary>
    /// <param name="mailbox"><see langword="null"/> when the name means none.</param>
    /// <param name="needed">The rights that it needs (RFC 4314 §4).</param>
    public static ImapAnswer? Judge(MailboxHandle? mailbox, MailboxRights needed)
    {
        if (mailbox is null)
            return NonExistent;
        return mailbox.Judge(needed) is { } why ? Refused(NamespaceOutcome.Refused.Of(why)) : null;
    }

    public static ImapAnswer Of(NamespaceOutcome outcome, string done) => outcome is NamespaceOutcome.Refused refused ? Refused(refused) : ImapAnswer.Ok(done);

    public static ImapAnswer Refused(NamespaceOutcome.Refused refused) => ImapAnswer.No(refused.Reason, refused.Why switch
    {
        NamespaceRefusal.NonExistent => "NONEXISTENT",
        NamespaceRefusal.AlreadyExists => "ALREADYEXISTS",
        NamespaceRefusal.NoPermission => "NOPERM",
        NamespaceRefusal.Limit => "LIMIT",
        NamespaceRefusal.HasChildren => "HASCHILDREN",
        NamespaceRefusal.UseAttribute => "USEATTR",
        _ => "CANNOT",
    });
}
