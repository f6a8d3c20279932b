namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table of the best TLS level that a host has been seen to offer, by which a downgrade is noticed.</summary>
internal sealed class TlsSeenRow
{
    public required string Host { get; init; }

    public required int Level { get; init; }

    public required long SeenAt { get; init; }
}
