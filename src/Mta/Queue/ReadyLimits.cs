namespace MailSuite.Mta.Queue;

/// <summary>How much of the queue is in memory and under way.</summary>
/// <param name="Capacity">Entries read from disk that wait, over all lanes.</param>
/// <param name="LaneCapacity">Entries read from disk that wait in one lane.</param>
/// <param name="FreshLaneCapacity">Entries handed over in memory that wait in one lane.</param>
/// <param name="MaxRunning">Entries under way at once.</param>
/// <param name="MaxRunningPerLane">Entries under way at once in one lane that has no limit of its own.</param>
internal sealed record ReadyLimits(int Capacity, int LaneCapacity, int FreshLaneCapacity, int MaxRunning, int MaxRunningPerLane)
{
    /// <summary>Lanes in memory.</summary>
    public int MaxLanes { get; init; } = 20_000;

    /// <summary>
    /// Entries under way at once that were read from disk: a quarter of the places is kept for what has just come in, so that a queue full of dead destinations
    /// does not delay it.
    /// </summary>
    public int MaxRunningFromDisk => Math.Max(1, MaxRunning - (MaxRunning / 4));
}
