namespace MailSuite.Mda.Imap;

/// <summary>Something that has news for the client beside the selected mailbox: other mailboxes (RFC 5465), the result of a search that changes (RFC 5267).</summary>
/// <remarks>It calls <see cref="ImapConnection.Signal"/> when it has some. Disposed with the session, and when nobody is signed in any more.</remarks>
internal interface IUpdateSource : IDisposable
{
    bool HasUpdates { get; }

    /// <summary>Writes them, as far as they may be told now.</summary>
    ValueTask TellAsync(ImapSession session, ImapUpdates updates, CancellationToken cancellationToken);
}
