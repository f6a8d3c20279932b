using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts;

namespace MailSuite.Mta.Queue;

/// <summary>Has the queue look again when the clock was moved: ahead, for what is due now; back, for what would never be.</summary>
internal sealed class QueueClock(ClockReturn clockReturn, Arrivals arrivals) : IClockFollower
{
    public async ValueTask MovedAsync(bool isBack, CancellationToken cancellationToken)
    {
        if (isBack)
            await clockReturn.BringBackAsync(onPurpose: true, cancellationToken);
        arrivals.LookAgain();
    }
}
