namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table of messages that are done, so that one that is handed over once more is known (README.md).</summary>
internal sealed class FinishedRow
{
    public required string QueueId { get; init; }

    public required long FinishedAt { get; init; }
}
