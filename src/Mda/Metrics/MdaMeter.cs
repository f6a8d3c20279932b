using System.Diagnostics;
using System.Diagnostics.Metrics;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Metrics;

/// <summary>What the MDA counts (src/Mta/Metrics/README.md has the table).</summary>
internal static class MdaMeter
{
    public const string Name = "MailSuite.Mda";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("mailsuite.mda.deliveries", "{recipient}", "Deliveries into mailboxes, for each recipient.");

    private static readonly Histogram<double> Time = Meter.CreateHistogram(
        "mailsuite.mda.delivery.duration", "s", "Deliveries with their commit, for each message.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    /// <summary>The beginning of a delivery; 0 when nobody wants to know.</summary>
    public static long Begins() => Time.Enabled ? Stopwatch.GetTimestamp() : 0;

    public static void Ended(long began, IReadOnlyList<LocalDeliveryOutcome> outcomes)
    {
        if (began == 0)
            return;

        Time.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        foreach (var outcome in outcomes)
        {
            Deliveries.Add(1, new KeyValuePair<string, object?>("mailsuite.outcome", outcome switch
            {
                LocalDeliveryOutcome.Stored => "stored",
                LocalDeliveryOutcome.Deferred => "deferred",
                _ => "refused",
            }));
        }
    }
}
