using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Shared.Contracts.Mua;

/// <summary>Shows a message on the screen of somebody who is there, as RFC 821 §3.4 does at a user's terminal. Mua implements it, Mta calls it.</summary>
/// <remarks>The terminal is an open page of the webmail in which the account is signed in.</remarks>
public interface ITerminals
{
    /// <summary>Whether a page of the account is open and connected now; quick enough to be asked for every RCPT.</summary>
    bool IsThere(AccountId account);

    /// <summary>Shows the message and waits, 5 s at most, until a page has said that it stands on the screen.</summary>
    /// <remarks>Nothing is stored: the notice lives in memory until it is dismissed or the last page is gone.</remarks>
    ValueTask<TerminalOutcome> ShowAsync(AccountId account, TerminalMessage message, CancellationToken cancellationToken);
}

/// <param name="Recipient">The address that the message was sent to.</param>
/// <param name="Content">Read before the call is done.</param>
/// <param name="IsKept">Whether the mailbox gets the message too. If not, only a message that can be shown whole is shown.</param>
public sealed record TerminalMessage(JourneyId Journey, ReversePath ReversePath, EnvelopeAddress Recipient, IMessageContent Content, DateTimeOffset At, bool IsKept);

/// <summary>What became of showing, the better the lower.</summary>
public enum TerminalOutcome
{
    /// <summary>It stands on a screen.</summary>
    Shown,

    /// <summary>Nobody is there, or so many messages stand on the screen already that there is no room.</summary>
    NobodyThere,

    /// <summary>It is too long for a screen, or has attachments, and is to be kept nowhere else.</summary>
    NotShowable,
}
