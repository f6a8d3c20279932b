namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table of recipients and of how far each of them is.</summary>
internal sealed class RecipientRow
{
    public long Id { get; init; }

    public required long MessageId { get; init; }

    public required string Address { get; init; }

    /// <summary>The address's domain in A-labels.</summary>
    public required string Destination { get; init; }

    public required RecipientState State { get; init; }

    public required int Attempts { get; init; }

    public long? LastAttemptAt { get; init; }

    /// <summary>Given exactly in the state <see cref="RecipientState.Waiting"/>.</summary>
    public long? NextAttemptAt { get; init; }

    /// <summary>The enhanced status code of the last attempt.</summary>
    public string? Status { get; init; }

    public string? Reason { get; init; }

    public string? RemoteHost { get; init; }

    public string? RemoteReply { get; init; }
}
