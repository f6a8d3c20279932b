namespace MailSuite.Shared.Contracts.Mta;

/// <summary>Takes mail from the programs of this machine, as /usr/sbin/sendmail does. Mta implements it; the Host calls it for its private socket.</summary>
/// <remarks>What lies in the maildrop is picked up by the Mta itself.</remarks>
public interface ILocalMail
{
    /// <summary>Reads one drop (<see cref="Maildrop.DropEnvelope"/> and its message) and submits it while its sender waits.</summary>
    /// <param name="drop">Read up to the end of the message and no further.</param>
    /// <param name="userId">The user of this machine on the other side; <see langword="null"/> where the system cannot tell.</param>
    ValueTask<SubmissionOutcome> SubmitAsync(Stream drop, long? userId, CancellationToken cancellationToken);
}
