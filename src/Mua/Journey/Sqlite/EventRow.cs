namespace MailSuite.Mua.Journey.Sqlite;

/// <summary>One recorded event.</summary>
internal sealed class EventRow
{
    /// <summary>Ascending in the order of writing; the lowest go first when there are too many.</summary>
    public long Id { get; init; }

    public required byte[] Journey { get; init; }

    public long At { get; init; }

    public int Role { get; init; }

    public int Step { get; init; }

    public required string Host { get; init; }

    public required string Summary { get; init; }

    public string? Reason { get; init; }

    public string? Peer { get; init; }

    /// <summary>Addresses, one a line.</summary>
    public string? Recipients { get; init; }

    /// <summary>As <see cref="DialogueJson"/> writes it.</summary>
    public byte[]? Dialogue { get; init; }

    public byte[]? Related { get; init; }
}
