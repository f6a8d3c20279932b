using System.Net;
using MailSuite.Mda.Sessions;
using MailSuite.Shared.Addressing;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Pop3;

internal static partial class Pop3Log
{
    [LoggerMessage(LogLevel.Information, "{Account} signed in over POP3 from {Peer}, {Messages} messages")]
    internal static partial void SignedIn(this ILogger log, string peer, EnvelopeAddress account, int messages);

    [LoggerMessage(LogLevel.Information, "{Account} removed {Messages} messages over POP3")]
    internal static partial void Removed(this ILogger log, EnvelopeAddress account, int messages);

    [LoggerMessage(LogLevel.Warning, "Messages that {Account} deleted over POP3 could not be removed: {Reason}")]
    internal static partial void NotRemoved(this ILogger log, EnvelopeAddress account, string reason);

    [LoggerMessage(LogLevel.Warning, "The maildrop of {Account} cannot be opened: {Reason}")]
    internal static partial void MaildropUnavailable(this ILogger log, EnvelopeAddress account, string reason);

    [LoggerMessage(LogLevel.Debug, "Refused a POP3 session of {Address}: {Entry}")]
    internal static partial void SessionRefused(this ILogger log, IPAddress? address, SessionEntry entry);

    [LoggerMessage(LogLevel.Debug, "{Peer} made too many errors")]
    internal static partial void TooManyErrors(this ILogger log, string peer);

    [LoggerMessage(LogLevel.Debug, "{Address}: TLS could not be agreed on: {Reason}")]
    internal static partial void TlsFailed(this ILogger log, IPAddress? address, string reason);

    [LoggerMessage(LogLevel.Information, "{Peer}: authentication refused")]
    internal static partial void AuthenticationRefused(this ILogger log, string peer);

    [LoggerMessage(LogLevel.Warning, "{Peer}: authentication cannot be checked: {Reason}")]
    internal static partial void AuthenticationUnavailable(this ILogger log, string peer, string reason);

    [LoggerMessage(LogLevel.Error, "{Command} of {Peer} failed")]
    internal static partial void CommandFailed(this ILogger log, Exception exception, string command, string peer);

    [LoggerMessage(LogLevel.Error, "A POP3 session of {Address} failed")]
    internal static partial void SessionFailed(this ILogger log, Exception exception, IPAddress? address);
}
