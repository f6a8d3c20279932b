namespace MailSuite.Mua.Journey.Sqlite;

/// <summary>What one message is known by: gathered from its events, so that a look-up need not read them.</summary>
internal sealed class JourneyRow
{
    /// <summary>The journey's id, 16 octets in network order: sorts by the time it was made.</summary>
    public required byte[] Id { get; init; }

    /// <summary>UTC, in units of 100 ns since year 1, as all instants here.</summary>
    public long FirstAt { get; init; }

    public long LastAt { get; init; }

    public int LastStep { get; init; }

    public string? MessageId { get; init; }

    public string? QueueId { get; init; }

    public string? Subject { get; init; }

    /// <summary>Without angle brackets; empty for the null reverse-path.</summary>
    public string? ReversePath { get; init; }

    /// <summary>Addresses, one a line.</summary>
    public string? Recipients { get; init; }

    public long? Octets { get; init; }
}
