using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>AUTH: a SASL exchange (RFC 4954 §4). Only over TLS, unless the options allow otherwise.</summary>
internal sealed class AuthCommand(IAccounts accounts, MtaOptions options, ILogger<SmtpServer> log) : ISmtpCommand
{
    public string Verb => AuthExtension.Keyword;

    public string Syntax => "AUTH PLAIN|LOGIN [initial-response]";

    public SmtpStates AllowedIn => SmtpStates.Ready;

    public bool EndsGroup => true;

    public bool CarriesSecrets => true;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (session.Account is not null)
            return SmtpReplies.AlreadyAuthenticated;

        if (!AuthExtension.IsMeantFor(session.Role, options))
            return SmtpReplies.NotOffered;

        if (!AuthExtension.IsSafe(session.Tls, options))
            return SmtpReplies.EncryptionRequired;

        var space = arguments.IndexOf(' ', StringComparison.Ordinal);
        var mechanism = space < 0 ? arguments : arguments[..space];
        if (mechanism.Length == 0)
            return SmtpReplies.BadAuthSyntax;

        if (!SaslExchange.TryBegin(mechanism, out var exchange))
            return SmtpReplies.NoSuchMechanism;

        var step = exchange.Start(space < 0 ? null : arguments[(space + 1)..]);
        while (step is SaslStep.Challenge challenge)
        {
            session.Connection.Write(SmtpReplies.Challenge(challenge.Base64));
            var line = await session.Connection.ReadLineAsync();
            if (line.Outcome != LineOutcome.Line)
                return session.ReplyToBrokenLine(line.Outcome);

            session.Connection.Transcript.Secret();
            if (!LineReader.TryDecode(line.Octets.Span, out var response))
                return SmtpReplies.NotText;
            step = exchange.Continue(response);
        }

        return step switch
        {
            SaslStep.Credentials credentials => await CheckAsync(session, credentials),
            SaslStep.Malformed malformed => SmtpReplies.MalformedResponse(malformed.Reason),
            _ => SmtpReplies.AuthenticationCancelled,
        };
    }

    private async ValueTask<SmtpReply> CheckAsync(SmtpSession session, SaslStep.Credentials credentials)
    {
        // Nobody acts for somebody else here (RFC 4616 §2: authorization identity).
        if (credentials.AuthorizationId.Length > 0 && credentials.AuthorizationId != credentials.UserName)
            return Fail(session);

        switch (await accounts.AuthenticateAsync(credentials.UserName, credentials.Password, CancellationToken.None))
        {
            case AuthenticationOutcome.Accepted accepted:
                session.Authenticate(accepted.Account);
                return SmtpReplies.Authenticated;
            case AuthenticationOutcome.Unavailable unavailable:
                log.AuthenticationUnavailable(session.Peer, unavailable.Reason);
                return SmtpReplies.AuthenticationUnavailable;
            default:
                return Fail(session);
        }
    }

    private SmtpReply Fail(SmtpSession session)
    {
        log.AuthenticationRefused(session.Peer);
        return session.CountAuthenticationFailure() >= options.MaxAuthenticationFailures
            ? SmtpReplies.TooManyAuthenticationFailures
            : SmtpReplies.CredentialsInvalid;
    }
}
