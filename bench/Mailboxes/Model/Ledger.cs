using System.Collections.Concurrent;
using System.Globalization;

namespace MailSuite.Bench.Mailboxes.Model;

/// <summary>All mailboxes of a run, its messages and its counts.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly string _run = Guid.NewGuid().ToString("N")[..10];
    private int _messages;

    public Ledger(IEnumerable<string> mailboxes) => Boxes = [.. mailboxes.Select(name => new BoxLedger(name))];

    public IReadOnlyList<BoxLedger> Boxes { get; }

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public string NewIdentity() => string.Create(CultureInfo.InvariantCulture, $"{_run}.{Interlocked.Increment(ref _messages)}");

    public void Count(string what, long by = 1) => _counts.AddOrUpdate(what, by, (_, count) => count + by);
}
