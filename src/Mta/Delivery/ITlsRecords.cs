namespace MailSuite.Mta.Delivery;

/// <summary>Keeps the best TLS level of each host. Trouble is logged and is as if nothing were known: mail does not wait for it.</summary>
internal interface ITlsRecords
{
    /// <param name="host">In lower case.</param>
    TlsRecord? Find(string host);

    void Write(string host, TlsRecord record);
}

/// <param name="SeenAt">When it was last seen.</param>
internal sealed record TlsRecord(TlsLevel Level, DateTimeOffset SeenAt);
