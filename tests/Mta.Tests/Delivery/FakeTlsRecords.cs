using System.Collections.Concurrent;
using MailSuite.Mta.Delivery;

namespace MailSuite.Mta.Tests.Delivery;

/// <summary>The table of TLS levels, in memory.</summary>
internal sealed class FakeTlsRecords : ITlsRecords
{
    private int _writes;

    public ConcurrentDictionary<string, TlsRecord> Rows { get; } = new(StringComparer.Ordinal);

    public int Writes => Volatile.Read(ref _writes);

    public TlsRecord? Find(string host) => Rows.GetValueOrDefault(host);

    public void Write(string host, TlsRecord record)
    {
        Interlocked.Increment(ref _writes);
        Rows[host] = record;
    }
}
