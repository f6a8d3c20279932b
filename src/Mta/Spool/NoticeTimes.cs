using MailSuite.Mta.Envelope;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Spool;

/// <summary>When something is to be decided or told about a recipient that waits, whether or not its destination is tried: that it is late, or that its time is over.</summary>
internal sealed class NoticeTimes(RelayOptions options)
{
    /// <summary>The first such instant that has not been seen to; it may be past.</summary>
    /// <param name="releasedAt">When its delivery could begin.</param>
    public DateTimeOffset Next(ReversePath reversePath, MailRequests requests, DateTimeOffset acceptedAt, DateTimeOffset releasedAt, Notify notify, DelayWarnings warned)
    {
        var next = EndOf(releasedAt);
        var isTold = !reversePath.IsNull && notify.WantsDelay();
        if (requests.DeliverBy is { } by && (by.Returns || (isTold && by.Deadline > acceptedAt && !warned.HasFlag(DelayWarnings.DeadlinePassed))) && by.Deadline < next)
            next = by.Deadline;
        if (isTold && options.DelayWarning > TimeSpan.Zero && !warned.HasFlag(DelayWarnings.Slow) && releasedAt + options.DelayWarning < next)
            next = releasedAt + options.DelayWarning;
        return next;
    }

    /// <summary>When a message is given up (RFC 5321 §4.5.4.1).</summary>
    public DateTimeOffset EndOf(DateTimeOffset releasedAt) => releasedAt + options.Lifetime;
}
