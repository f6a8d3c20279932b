using System.Globalization;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>FUTURERELEASE (RFC 4865): a submitted message is held in the queue until its time has come.</summary>
internal sealed class FutureReleaseExtension(MtaOptions options, TimeProvider clock) : ISmtpExtension
{
    private const string For = "HOLDFOR";

    /// <summary>Only for submission (RFC 4865 §4.2 item 2): in its roles, and to who has authenticated elsewhere.</summary>
    /// <summary>The line names the latest date.</summary>
    public bool HasFewLines => false;

    public string? Offer(SmtpSession session)
    {
        var isSubmission = session.Role is SmtpRole.Submission or SmtpRole.ImplicitTlsSubmission or SmtpRole.Local || (session.Role == SmtpRole.Mx && session.Account is not null);
        if (!isSubmission || options.MaxFutureRelease == TimeSpan.Zero)
            return null;

        var latest = clock.GetUtcNow() + options.MaxFutureRelease;
        return string.Create(CultureInfo.InvariantCulture, $"FUTURERELEASE {(long)options.MaxFutureRelease.TotalSeconds} {latest:yyyy-MM-dd'T'HH:mm:ss'Z'}");
    }

    public IReadOnlyList<string> MailParameters { get; } = [For, "HOLDUNTIL"];

    public SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction)
    {
        if (Offer(session) is null)
            return SmtpReplies.UnknownParameter;
        if (transaction.Requests.Hold is not null)
            return SmtpReplies.HeldTwice;

        var now = clock.GetUtcNow();
        DateTimeOffset until;
        if (parameter.Keyword == For)
        {
            if (!FutureReleaseParameters.TryParseInterval(parameter.Value, out var interval))
                return SmtpReplies.BadHold;
            until = now + interval;
        }
        else if (!FutureReleaseParameters.TryParseInstant(parameter.Value, out until) || until <= now)
        {
            return SmtpReplies.BadHold;
        }

        if (until - now > options.MaxFutureRelease)
            return SmtpReplies.HeldTooLong;

        transaction.Requests = transaction.Requests with { Hold = new FutureRelease(until, $"{(parameter.Keyword == For ? "for" : "until")};{parameter.Value}") };
        return transaction.Requests.IsHeldBeyondItsDeadline ? SmtpReplies.HeldBeyondDeadline : null;
    }
}
