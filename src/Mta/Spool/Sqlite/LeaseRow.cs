namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table of who works on which part of the queue.</summary>
internal sealed class LeaseRow
{
    public required int Partition { get; init; }

    public required Guid Owner { get; init; }

    public required long Until { get; init; }

    /// <summary>One more with each new owner: what an earlier one still writes is refused by it.</summary>
    public required long Epoch { get; init; }
}
