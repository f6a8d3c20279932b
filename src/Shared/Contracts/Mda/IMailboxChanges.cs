namespace MailSuite.Shared.Contracts.Mda;

/// <summary>Tells that something in a mailbox changed. Mda publishes after the commit; whoever shows mailboxes listens.</summary>
public interface IMailboxChanges
{
    /// <summary>Calls <paramref name="handler"/> for each change in the account until the result is disposed.</summary>
    /// <remarks>
    /// The handler runs on a thread of the store and must return at once. A notice may be lost or may stand for several changes: the
    /// receiver reads the mailbox again.
    /// </remarks>
    IDisposable Subscribe(AccountId account, Action<MailboxChanged> handler);
}

/// <param name="HighestModSeq">0 when not its messages changed but the mailbox itself: it was made, renamed, removed, or its use or rights changed.</param>
/// <param name="NewMessages">Messages that arrived with this change; 0 when flags changed or messages went.</param>
public sealed record MailboxChanged(AccountId Account, MailboxId Mailbox, ModSeq HighestModSeq, int NewMessages);
