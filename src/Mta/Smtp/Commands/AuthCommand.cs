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

    public string Syntax { get; } = $"AUTH {string.Join('|', options.AuthenticationMechanisms)} [initial-response]";

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

        if (AuthExtension.IsForbidden(mechanism, options))
            return SmtpReplies.MechanismTooWeak;

        var peer = new SaslPeer(accounts, session.Client.Address, session.Tls?.Bindings ?? ChannelBindings.None, AuthExtension.OffersPlus(session.Tls, options));
        if (!SaslExchange.TryBegin(mechanism, peer, out var exchange))
            return SmtpReplies.NoSuchMechanism;

        var step = await exchange.StartAsync(space < 0 ? null : arguments[(space + 1)..]);
        while (step is SaslStep.Challenge challenge)
        {
            session.Connection.Write(SmtpReplies.Challenge(challenge.Base64));
            var line = await session.Connection.ReadResponseAsync();
            if (line.Outcome != LineOutcome.Line)
                return session.ReplyToBrokenLine(line.Outcome);

            if (!LineReader.TryDecode(line.Octets.Span, out var response))
                return SmtpReplies.NotText;
            step = await exchange.ContinueAsync(response);
        }

        return step switch
        {
            SaslStep.Done done => Conclude(session, done.Outcome),
            SaslStep.Refused refused => Fail(session, SmtpReplies.ExchangeRefused(refused.Reason)),
            SaslStep.Malformed malformed => SmtpReplies.MalformedResponse(malformed.Reason),
            _ => SmtpReplies.AuthenticationCancelled,
        };
    }

    private SmtpReply Conclude(SmtpSession session, AuthenticationOutcome outcome)
    {
        switch (outcome)
        {
            case AuthenticationOutcome.Accepted accepted:
                session.Authenticate(accepted.Account);
                return SmtpReplies.Authenticated;
            case AuthenticationOutcome.Unavailable unavailable:
                log.AuthenticationUnavailable(session.Peer, unavailable.Reason);
                return SmtpReplies.AuthenticationUnavailable;
            case AuthenticationOutcome.TooManyFailures failures:
                return Fail(session, SmtpReplies.TooManyFailuresFor(failures.RetryAfter));
            case AuthenticationOutcome.RefusedOrTransitionNeeded:
                return Fail(session, SmtpReplies.TransitionNeeded);
            default:
                return Fail(session, SmtpReplies.CredentialsInvalid);
        }
    }

    private SmtpReply Fail(SmtpSession session, SmtpReply reply)
    {
        log.AuthenticationRefused(session.Peer);
        return session.CountAuthenticationFailure() >= options.MaxAuthenticationFailures ? SmtpReplies.TooManyAuthenticationFailures : reply;
    }
}
