using MailSuite.Mda.Imap.Responses;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>One command of IMAP. It has no state of its own: one object serves all sessions.</summary>
internal interface IImapCommand
{
    /// <summary>In upper case; matched without regard to case. The forms with UID are commands of their own: <c>UID FETCH</c>.</summary>
    string Name { get; }

    ImapStates AllowedIn { get; }

    /// <summary>What may be told of changes before its tagged response.</summary>
    ImapUpdates Updates => ImapUpdates.All;

    /// <summary>The capability without which there is no such command; an account that hides it has none either.</summary>
    string? Capability => null;

    /// <summary>Whether the literal that comes next is a message, which the command reads from the connection itself. Others are read before the command runs.</summary>
    /// <param name="arguments">All arguments up to the literal, with its announcement: <c>INBOX {310}</c>.</param>
    bool IsMessage(ReadOnlySpan<byte> arguments) => false;

    /// <summary>Does what the command says; called only in a state that allows it.</summary>
    /// <exception cref="ClientGoneException">The client is gone; the session ends.</exception>
    ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken);
}
