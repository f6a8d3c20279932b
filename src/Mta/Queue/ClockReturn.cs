using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Queue;

/// <summary>Sees to it that nothing waits longer than the schedule has it, because the clock went back since its next attempt was set.</summary>
internal sealed partial class ClockReturn(SpoolStore spool, HeldDomains held, RelayOptions options, ILogger<ClockReturn> logger)
{
    /// <summary>The pauses of an attempt that did not count, on top of a wait and what chance adds to it.</summary>
    private static readonly TimeSpan Pauses = TimeSpan.FromMinutes(5);

    /// <param name="onPurpose">Whether somebody has put the clock back, and it is not just found to have gone back.</param>
    /// <exception cref="SpoolUnavailableException">Not all of it was written.</exception>
    /// <returns>How many recipients wait less long now.</returns>
    public async Task<int> BringBackAsync(bool onPurpose, CancellationToken cancellationToken)
    {
        var longest = options.RetryDelays.Count == 0 ? options.Lifetime : options.RetryDelays.Max();
        var recipients = await spool.BringBackAsync((longest * (1.15 + (options.RetryJitter / 100d))) + Pauses, held.Destinations, onPurpose, cancellationToken);
        if (recipients > 0)
            LogBrought(recipients);
        return recipients;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The clock went back: {Recipients} recipients that would have waited too long for it wait as their schedule says")]
    private partial void LogBrought(int recipients);
}
