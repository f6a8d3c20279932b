using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts;

namespace MailSuite.Mta.Queue;

/// <summary>Has the queue look again when the clock was moved: ahead, for what is due now; back, for what would never be.</summary>
internal sealed class QueueClock(ClockReturn clockReturn, DestinationBreakers breakers, QueueBell bell) : IClockFollower
{
    public async ValueTask MovedAsync(bool isBack, CancellationToken cancellationToken)
    {
        // A circuit that is open is so until an instant.
        breakers.Forget();
        if (isBack)
            await clockReturn.BringBackAsync(cancellationToken);
        bell.Ring();
    }
}
