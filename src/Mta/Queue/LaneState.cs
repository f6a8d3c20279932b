namespace MailSuite.Mta.Queue;

/// <summary>How a next hop stands, for people.</summary>
/// <param name="Name">A domain, or a next hop that takes mail for many.</param>
/// <param name="Concurrency">Entries under way at once now.</param>
/// <param name="Waiting">Entries in memory that wait.</param>
/// <param name="HasMoreOnDisk">Whether others are due that are not in memory.</param>
/// <param name="DeadUntil">Until when it is left alone because nobody answers; <see langword="null"/> for one that is tried.</param>
/// <param name="LastError">Why its host failed last; <see langword="null"/> when it has not.</param>
internal sealed record LaneState(string Name, int Concurrency, int Running, int Waiting, bool HasMoreOnDisk, DateTimeOffset? DeadUntil, string? LastError);
