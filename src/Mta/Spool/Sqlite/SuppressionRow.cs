namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table of addresses to which nothing is sent any more.</summary>
internal sealed class SuppressionRow
{
    /// <summary>With its domain in lower case.</summary>
    public required string Address { get; init; }

    public required long Since { get; init; }

    /// <summary>The enhanced status code of the refusal; <see langword="null"/> for what a person has added.</summary>
    public string? Status { get; init; }

    public required string Reason { get; init; }

    public string? RemoteHost { get; init; }

    public string? RemoteReply { get; init; }

    /// <summary>The message that was refused.</summary>
    public string? QueueId { get; init; }

    public Guid? Journey { get; init; }

    /// <summary>Whether a person has added it.</summary>
    public required bool Manual { get; init; }
}
