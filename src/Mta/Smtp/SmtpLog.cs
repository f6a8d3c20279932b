using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Smtp;

internal static partial class SmtpLog
{
    [LoggerMessage(LogLevel.Information, "{QueueId}: accepted from {Peer}, reverse-path {ReversePath}, {Recipients} recipients, {Octets} octets")]
    internal static partial void Accepted(this ILogger log, string queueId, string peer, string reversePath, int recipients, long octets);

    [LoggerMessage(LogLevel.Information, "{QueueId}: refused from {Peer}, reverse-path {ReversePath}: {Reply}")]
    internal static partial void Refused(this ILogger log, string queueId, string peer, string reversePath, string reply);

    [LoggerMessage(LogLevel.Debug, "Refused a session of {Address}: {Reply}")]
    internal static partial void SessionRefused(this ILogger log, string address, string reply);

    [LoggerMessage(LogLevel.Information, "{Peer} is not greeted: {Decision}")]
    internal static partial void ConnectRefused(this ILogger log, string peer, string decision);

    [LoggerMessage(LogLevel.Information, "{Peer} did not wait for the reply: it talked on behind {Command}")]
    internal static partial void PipeliningError(this ILogger log, string peer, string command);

    [LoggerMessage(LogLevel.Debug, "{Peer} made too many errors")]
    internal static partial void TooManyErrors(this ILogger log, string peer);

    [LoggerMessage(LogLevel.Debug, "{Peer}: TLS could not be agreed on: {Reason}")]
    internal static partial void TlsFailed(this ILogger log, string peer, string reason);

    [LoggerMessage(LogLevel.Information, "{Peer}: authentication refused")]
    internal static partial void AuthenticationRefused(this ILogger log, string peer);

    [LoggerMessage(LogLevel.Warning, "{Peer}: authentication cannot be checked: {Reason}")]
    internal static partial void AuthenticationUnavailable(this ILogger log, string peer, string reason);

    [LoggerMessage(LogLevel.Error, "{Verb} of {Peer} failed")]
    internal static partial void CommandFailed(this ILogger log, Exception exception, string verb, string peer);

    [LoggerMessage(LogLevel.Error, "Receiving a message from {Peer} failed")]
    internal static partial void ReceptionFailed(this ILogger log, Exception exception, string peer);

    [LoggerMessage(LogLevel.Error, "A session of {Address} failed")]
    internal static partial void SessionFailed(this ILogger log, Exception exception, string address);
}
