namespace MailSuite.Mda.Imap;

/// <summary>The mailbox that a session has selected, as its client was told of it.</summary>
internal interface ISelectedMailbox : IDisposable
{
    /// <summary>Whether something has changed that the client was not told.</summary>
    bool HasUpdates { get; }

    /// <summary>Looks anew what this person may do here; called before a command and before something is told.</summary>
    ValueTask RefreshRightsAsync(CancellationToken cancellationToken);

    /// <summary>Looks whether another process changed the mailbox: what this one does is known without.</summary>
    Task RefreshMessagesAsync(CancellationToken cancellationToken);

    /// <summary>Writes what has changed since the client was told last (RFC 9051 §7.5.1): EXPUNGE or VANISHED, EXISTS, FETCH with flags.</summary>
    ValueTask TellAsync(ImapSession session, ImapUpdates updates, CancellationToken cancellationToken);

    /// <summary>Calls <paramref name="changed"/> after each commit to the mailbox, from any thread, until <see cref="StopWatching"/>.</summary>
    void Watch(Action changed);

    void StopWatching();
}
