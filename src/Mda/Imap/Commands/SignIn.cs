using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>What LOGIN and AUTHENTICATE come to.</summary>
internal sealed class SignIn(MailStore store, ILogger<ImapServer> log)
{
    /// <summary>Lets in who was accepted, and says to others why not.</summary>
    public async ValueTask<ImapAnswer> ConcludeAsync(ImapSession session, AuthenticationOutcome outcome, string mechanism, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case AuthenticationOutcome.Accepted accepted:
                var hidden = await store.ReadAsync(accepted.Account.Id, AccountStatements.HiddenCapabilities, cancellationToken);
                if (session.SignIn(accepted.Account, hidden) is { } refusal)
                    return refusal;
                log.SignedIn(session.Peer, mechanism, session.Connection.Tls?.Protocol ?? "without TLS");
                return ImapAnswer.Ok("Signed in.", session.Capabilities.CodeFor(session));
            case AuthenticationOutcome.Unavailable unavailable:
                log.AuthenticationUnavailable(session.Peer, unavailable.Reason);
                return ImapAnswers.AuthenticationUnavailable;
            case AuthenticationOutcome.TooManyFailures failures:
                return Fail(session, ImapAnswer.No($"Too many sign-ins have failed. The next will be checked in {Math.Ceiling(failures.RetryAfter.TotalSeconds)} s.", "UNAVAILABLE"));
            case AuthenticationOutcome.RefusedOrTransitionNeeded:
                return Fail(session, ImapAnswers.TransitionNeeded);
            default:
                return Fail(session, ImapAnswers.AuthenticationFailed);
        }
    }

    public ImapAnswer Fail(ImapSession session, ImapAnswer answer)
    {
        log.AuthenticationRefused(session.Peer);
        if (!session.FailsTooOften())
            return answer;

        session.Writer.Untagged("BYE Too many sign-ins have failed.");
        return answer.AndClose();
    }
}
