namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The table of small bodies, apart from the messages so that looking through those does not read these.</summary>
internal sealed class BodyRow
{
    public required long MessageId { get; init; }

    public required byte[] Content { get; init; }
}
