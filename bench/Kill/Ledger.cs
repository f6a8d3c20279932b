using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace MailSuite.Bench.Kill;

/// <summary>What happened to each message, as its client and the next host have seen it. The program that is killed has no part in it.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private int _next;

    /// <summary>Messages, and the reports that the program has made of them.</summary>
    public IEnumerable<Entry> Entries => _entries.Values;

    /// <summary>Whether each message that was answered has come to its end.</summary>
    public bool IsComplete => _entries.Values.All(entry => !entry.Answered || entry.IsEnded);

    /// <summary>Whether new messages are all taken at the first attempt.</summary>
    public bool TakesAll { get; set; }

    public Entry this[string id] => _entries[id];

    /// <summary>The id of a message that is about to be sent.</summary>
    public string New()
    {
        var number = Interlocked.Increment(ref _next);
        var id = string.Create(CultureInfo.InvariantCulture, $"{number}@kill.test");
        _entries[id] = new Entry { IsRefused = !TakesAll && number % KillPlan.RefusedOneIn == 0, IsDeferred = !TakesAll && number % KillPlan.DeferredOneIn == 0 };
        return id;
    }

    public Entry? Find(string id) => _entries.GetValueOrDefault(id);

    /// <summary>The client has read 250.</summary>
    public void Answered(string id) => _entries[id].Answered = true;

    /// <summary>The next host writes its 250.</summary>
    public void Taken(string id) => _entries[id].Copies.Enqueue(Stopwatch.GetTimestamp());

    /// <summary>The next host writes its 250 to a report.</summary>
    /// <param name="report">Its own id: the same report may be relayed twice, as any message.</param>
    /// <param name="of">The message that it returns.</param>
    public void Reported(string report, string of)
    {
        var entry = _entries.GetOrAdd(report, static _ => new Entry { IsReport = true });
        entry.Copies.Enqueue(Stopwatch.GetTimestamp());
        if (entry.Copies.Count == 1)
            Interlocked.Increment(ref _entries[of].Reports);
    }

    internal sealed class Entry
    {
        private int _deferred;

        public volatile bool Answered;

        /// <summary>Different reports about it.</summary>
        public int Reports;

        /// <summary>To be refused by the next host.</summary>
        public bool IsRefused { get; init; }

        /// <summary>To be refused by it the first time.</summary>
        public bool IsDeferred { get; init; }

        public bool IsReport { get; init; }

        /// <summary>When the next host wrote 250 to each copy.</summary>
        public ConcurrentQueue<long> Copies { get; } = new();

        /// <summary>How many more copies RFC 1047 explains: how often the program died with a 250 of the next host that was not committed.</summary>
        public int Explained { get; set; }

        public bool IsEnded => IsRefused ? Volatile.Read(ref Reports) > 0 : !Copies.IsEmpty;

        public bool DefersNow() => IsDeferred && Interlocked.Exchange(ref _deferred, 1) == 0;
    }
}
