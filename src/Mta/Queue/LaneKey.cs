namespace MailSuite.Mta.Queue;

/// <summary>Whose concurrency an entry counts against: a domain, or the next hop that takes mail for many.</summary>
/// <param name="MaxConcurrency">Of a next hop with a limit of its own.</param>
internal readonly record struct LaneKey(string Name, int? MaxConcurrency);
