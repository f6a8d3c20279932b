namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table of what other programs are still to be told of a delivery.</summary>
internal sealed class NoticeRow
{
    public long Id { get; init; }

    public required int Event { get; init; }

    public required long At { get; init; }

    public required string Payload { get; init; }

    public required int Attempts { get; init; }

    public required long NextAttemptAt { get; init; }

    public string? LastError { get; init; }
}
