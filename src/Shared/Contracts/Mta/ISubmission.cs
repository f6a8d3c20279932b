using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;

namespace MailSuite.Shared.Contracts.Mta;

/// <summary>Hands the MTA a message that was written here, as an MSA takes it over SMTP (RFC 6409). Mta implements it; Mua and Mda call it.</summary>
/// <remarks>
/// After <see cref="SubmissionOutcome.Accepted"/> the message is durable: in the mailboxes of its local recipients, in the spool for the
/// others. After any other outcome nobody got it. Safe to repeat with the same <see cref="Submission.Id"/>.
/// </remarks>
public interface ISubmission
{
    ValueTask<SubmissionOutcome> SubmitAsync(Submission submission, CancellationToken cancellationToken);
}

/// <param name="Submitter">Who sends it; <see langword="null"/> when the system itself does.</param>
/// <param name="Content">A whole message: with Date and Message-ID, without Bcc.</param>
public sealed record Submission(
    DeliveryId Id, JourneyId Journey, Account? Submitter, ReversePath ReversePath, IReadOnlyList<EnvelopeAddress> Recipients, IMessageContent Content)
{
    /// <summary>The program of this machine that it comes from where nobody has signed in, for journeys and the Received field: <c>sendmail, uid 1000</c>.</summary>
    public string? Program { get; init; }

    /// <summary>Who hears of recipients that are refused.</summary>
    public RefusalReports RefusalReports { get; init; }
}

/// <summary>When a refused recipient does not refuse the message: then the others get it, and the reverse-path a report (RFC 5321 §6.1).</summary>
public enum RefusalReports
{
    /// <summary>One refusal refuses the whole, and the caller hears of it.</summary>
    Never,

    /// <summary>When there are others; a message that nobody can get is refused.</summary>
    WhenOthersGetIt,

    /// <summary>Nobody waits for the outcome: it is Accepted, or Deferred while nothing can be stored.</summary>
    Always,
}

public abstract record SubmissionOutcome
{
    private SubmissionOutcome()
    {
    }

    /// <param name="QueueId">The id under which the MTA logs it.</param>
    public sealed record Accepted(string QueueId) : SubmissionOutcome;

    /// <summary>It will not be taken as it is: the recipients named are wrong, or the message is.</summary>
    public sealed record Refused(EnhancedStatusCode Status, string Reason, IReadOnlyList<EnvelopeAddress> Recipients) : SubmissionOutcome;

    /// <summary>It cannot be taken now.</summary>
    public sealed record Deferred(EnhancedStatusCode Status, string Reason) : SubmissionOutcome;
}
