using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Imap;

internal static partial class ImapLog
{
    [LoggerMessage(LogLevel.Information, "{Peer}: signed in by {Mechanism}, {Way}")]
    internal static partial void SignedIn(this ILogger log, string peer, string mechanism, string way);

    [LoggerMessage(LogLevel.Debug, "{Peer}: the session ended; {OctetsIn} octets came, {OctetsOut} went")]
    internal static partial void SessionEnded(this ILogger log, string peer, long octetsIn, long octetsOut);

    [LoggerMessage(LogLevel.Debug, "Refused a session of {Address}: {Reason}")]
    internal static partial void SessionRefused(this ILogger log, string address, string reason);

    [LoggerMessage(LogLevel.Debug, "{Peer} made too many errors")]
    internal static partial void TooManyErrors(this ILogger log, string peer);

    [LoggerMessage(LogLevel.Debug, "{Peer}: TLS could not be agreed on: {Reason}")]
    internal static partial void TlsFailed(this ILogger log, string peer, string reason);

    [LoggerMessage(LogLevel.Information, "{Peer}: authentication refused")]
    internal static partial void AuthenticationRefused(this ILogger log, string peer);

    [LoggerMessage(LogLevel.Warning, "{Peer}: authentication cannot be checked: {Reason}")]
    internal static partial void AuthenticationUnavailable(this ILogger log, string peer, string reason);

    [LoggerMessage(LogLevel.Debug, "{Peer} is the program {Name} {Version}")]
    internal static partial void Identified(this ILogger log, string peer, string name, string version);

    [LoggerMessage(LogLevel.Warning, "{Command} of {Peer}: the store cannot do it now")]
    internal static partial void StoreFailed(this ILogger log, string command, string peer, Exception exception);

    [LoggerMessage(LogLevel.Error, "{Command} of {Peer} failed")]
    internal static partial void CommandFailed(this ILogger log, Exception exception, string command, string peer);

    [LoggerMessage(LogLevel.Error, "A session of {Address} failed")]
    internal static partial void SessionFailed(this ILogger log, Exception exception, string address);
}
