using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Maildrop;

namespace MailSuite.Shared.Contracts.Mua;

/// <summary>What the command <c>sendmail</c> needs of the program whose data directory it was told. The Host implements it, Mua asks.</summary>
public interface ILocalProgram
{
    /// <summary>An absolute path; the directory need not be there.</summary>
    string DataDirectory { get; }

    /// <summary>What host it is where no program has written it down yet; <see langword="null"/> when the configuration cannot be read either.</summary>
    Site? ConfiguredSite();

    /// <summary>Hands a drop to the program that runs, over its private socket, and waits for the answer.</summary>
    /// <param name="drop">Head and message, whole.</param>
    /// <returns><see langword="null"/> when none runs, when it may not be asked by this user, or when it went away before it answered.</returns>
    ValueTask<SubmissionOutcome?> SubmitAsync(Stream drop, CancellationToken cancellationToken);

    /// <summary>Speaks SMTP on standard input and output as this user.</summary>
    /// <returns>The exit code.</returns>
    Task<int> ServeStandardInputAsync(CancellationToken cancellationToken);

    /// <summary>What waits in the queue: of the program that runs, or else of the spool as it lies there.</summary>
    /// <exception cref="UnauthorizedAccessException">It is not this user's to see.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    ValueTask<IReadOnlyList<QueuedMail>> QueueAsync(CancellationToken cancellationToken);

    /// <summary>Makes the running program try at once what waits.</summary>
    /// <returns>Whether one runs that could be asked.</returns>
    ValueTask<bool> RunQueueAsync(CancellationToken cancellationToken);

    /// <summary>Runs the server until it is told to stop.</summary>
    /// <returns>The exit code.</returns>
    Task<int> ServeAsync(CancellationToken cancellationToken);
}

/// <summary>By what a command names the program that it means; <see langword="null"/> where it says nothing.</summary>
public sealed record LocalProgramChoice(string? Data, string? Config, int? PortOffset);
