namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table of messages that are done: so that one handed over once more is known, and that what became of it can be told (README.md).</summary>
internal sealed class RetiredRow
{
    public required string QueueId { get; init; }

    public required long FinishedAt { get; init; }

    public required Guid Journey { get; init; }

    /// <summary>Empty for the null reverse-path.</summary>
    public required string ReversePath { get; init; }

    public required long AcceptedAt { get; init; }

    public required long Octets { get; init; }

    /// <summary>A line for each recipient, its fields separated by TAB: state as its number, address, enhanced status code, host, reply. Line feeds of a reply are spaces.</summary>
    public required string Recipients { get; init; }
}
