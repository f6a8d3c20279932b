using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Disk;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Maildrop;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Maildrop;

/// <summary>Turns a drop into a submission, for the user of this machine whose it is.</summary>
internal sealed class LocalMail(ISubmission submission, IRecipientDirectory directory, IncomingDirectory incoming, MtaOptions options) : ILocalMail
{
    /// <summary>The domain of addresses that are written without one.</summary>
    public Site Site => new(directory.Postmaster.Domain, options.MaxMessageOctets);

    public ValueTask<SubmissionOutcome> SubmitAsync(Stream drop, long? userId, CancellationToken cancellationToken) =>
        SubmitAsync(drop, userId, expected: null, RefusalReports.WhenOthersGetIt, cancellationToken);

    /// <param name="expected">The id that the drop must have; <see langword="null"/> for any.</param>
    /// <returns>Refused means of a drop whose refusals are always reported: nobody can be told, for it is broken or not its user's to send.</returns>
    internal async ValueTask<SubmissionOutcome> SubmitAsync(Stream drop, long? userId, DeliveryId? expected, RefusalReports reports, CancellationToken cancellationToken)
    {
        using var message = new IncomingMessage(incoming, options.SpillOctets, expectedOctets: 0);
        var (envelope, problem) = await DropReader.ReadAsync(drop, message, options.MaxMessageOctets, cancellationToken);
        if (envelope is null)
            return new SubmissionOutcome.Refused(StatusCodes.SyntaxError, $"The drop cannot be taken: {problem}", []);
        if (expected is { } id && envelope.Id != id)
            return new SubmissionOutcome.Refused(StatusCodes.SyntaxError, "The drop cannot be taken: its name is not that of its head", []);
        if (userId is { } user && !MaySend(user, envelope))
            return new SubmissionOutcome.Refused(StatusCodes.NotAuthorized, $"The user {user} of this machine may not send as {envelope.ReversePath}", []);

        // From here on it is taken or it is not; whoever waits for the answer does not change that by going away.
        return await submission.SubmitAsync(
            new Submission(envelope.Id, new JourneyId(envelope.Id.Value), Submitter: null, envelope.ReversePath, envelope.Recipients, message)
            {
                Program = userId is null ? "sendmail" : $"sendmail, uid {userId}",
                RefusalReports = reports,
            },
            CancellationToken.None);
    }

    private bool MaySend(long user, DropEnvelope envelope) =>
        LocalSender.IsTrusted(user, UserAccount.CurrentId)
        || (UserAccount.Find(user) is { } account && LocalSender.Owns(account.Login, envelope.ReversePath, options.HostName, directory.Postmaster.Domain));
}
