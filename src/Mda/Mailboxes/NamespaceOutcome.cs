namespace MailSuite.Mda.Mailboxes;

/// <summary>Why a change of mailboxes was refused; each is a response code of IMAP (RFC 5530, RFC 6154 §3, RFC 9051 §7.1).</summary>
internal enum NamespaceRefusal
{
    NonExistent,
    AlreadyExists,
    NoPermission,
    Cannot,
    Limit,
    HasChildren,
    UseAttribute,
}

internal abstract record NamespaceOutcome
{
    private NamespaceOutcome()
    {
    }

    /// <summary>It is durable.</summary>
    internal sealed record Done(MailboxHandle Mailbox) : NamespaceOutcome;

    /// <summary>Nothing was changed.</summary>
    /// <param name="Reason">A sentence.</param>
    internal sealed record Refused(NamespaceRefusal Why, string Reason) : NamespaceOutcome
    {
        internal static Refused NonExistent { get; } = new(NamespaceRefusal.NonExistent, "There is no such mailbox.");

        internal static Refused NoPermission { get; } = new(NamespaceRefusal.NoPermission, "You have no right to do that with this mailbox.");

        internal static Refused Of(NamespaceRefusal why) => why == NamespaceRefusal.NoPermission ? NoPermission : NonExistent;
    }
}
