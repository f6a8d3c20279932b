using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace MailSuite.Bench.Kill;

/// <summary>Measures the window of RFC 1047: from the instant at which the next host has written its 250 to the one at which the settlement is committed.</summary>
/// <remarks>
/// A thread of its own asks SQLite again and again whether anything was committed, and then which messages are retired now; a commit can be seen
/// when its sync is done. The asking takes processor time from the program, so what is measured is too much rather than too little.
/// </remarks>
internal sealed class CommitWatch : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _taken = new(StringComparer.Ordinal);
    private readonly List<double> _milliseconds = [];
    private readonly SqliteConnection _connection;
    private readonly Thread _thread;
    private volatile bool _over;

    public CommitWatch(string directory)
    {
        _connection = Spool.Open(directory, SqliteOpenMode.ReadOnly);
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The next host has written 250.</summary>
    public void Took(string id) => _taken[id] = Stopwatch.GetTimestamp();

    /// <summary>How long each window was, shortest first.</summary>
    public IReadOnlyList<double> Milliseconds
    {
        get
        {
            lock (_milliseconds)
                return [.. _milliseconds.Order()];
        }
    }

    public void Dispose()
    {
        _over = true;
        _thread.Join();
        _connection.Dispose();
    }

    private void Watch()
    {
        using var version = _connection.CreateCommand();
        version.CommandText = "PRAGMA data_version";
        using var retired = _connection.CreateCommand();
        retired.CommandText = "SELECT rowid, Recipients FROM Retired WHERE rowid > $1 ORDER BY rowid";
        var last = retired.Parameters.AddWithValue("$1", 0L);
        long seen = -1;
        while (!_over)
        {
            if (version.ExecuteScalar() is not long now || now == seen)
                continue;

            var at = Stopwatch.GetTimestamp();
            seen = now;
            using var rows = retired.ExecuteReader();
            while (rows.Read())
            {
                last.Value = rows.GetInt64(0);
                Note(rows.GetString(1), at);
            }
        }
    }

    /// <param name="recipients">With the next host's words, in which is the id.</param>
    private void Note(string recipients, long at)
    {
        var place = recipients.IndexOf("taken as ", StringComparison.Ordinal);
        if (place < 0)
            return;
        var id = recipients[(place + "taken as ".Length)..].TrimEnd();
        if (!_taken.TryRemove(id, out var taken))
            return;
        lock (_milliseconds)
            _milliseconds.Add(Math.Max(0, Stopwatch.GetElapsedTime(taken, at).TotalMilliseconds));
    }
}
