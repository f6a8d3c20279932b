using System.Runtime.InteropServices;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Snapshots;

/// <summary>Makes snapshots: the first of a mailbox from its rows, the next from the one before. One thread at a time for a mailbox.</summary>
internal sealed class SnapshotBuilding
{
    /// <summary>Messages below which a chunk is joined with its neighbour after a removal.</summary>
    private const int FewEntries = MailboxSnapshot.MaxChunk / 4;

    private const int FirstCapacity = 16;

    private readonly List<SnapshotChunk> _chunks;

    internal SnapshotBuilding() => _chunks = [];

    private SnapshotBuilding(ReadOnlySpan<SnapshotChunk> chunks)
    {
        _chunks = new List<SnapshotChunk>(chunks.Length + 1);
        _chunks.AddRange(chunks);
    }

    /// <summary>The snapshot after <paramref name="delta"/>; it costs the chunks that change and the list of chunks.</summary>
    internal static MailboxSnapshot Apply(MailboxSnapshot before, MailboxDelta delta)
    {
        var building = new SnapshotBuilding(before.Chunks);
        // Only the last word on a message counts, so that of one that came and went in this transaction nothing is left.
        var last = new Dictionary<uint, MessageChange>(delta.Changes.Count - delta.Added);
        var uidNext = before.UidNext;
        foreach (var change in delta.Changes)
        {
            if (change.Kind == MessageChangeKind.Added)
            {
                building.Append(change.Entry);
                uidNext = Math.Max(uidNext, change.Entry.Uid + 1);
            }
            else
            {
                last[change.Entry.Uid] = change;
            }
        }

        if (last.Count > 0)
            building.Change([.. last.Values.OrderBy(change => change.Entry.Uid)]);
        return building.Finish(before.Mailbox, before.UidValidity, uidNext, delta.ModSeq);
    }

    /// <summary>Adds a message whose UID is above all others.</summary>
    internal void Append(in MessageEntry entry)
    {
        if (_chunks.Count > 0 && _chunks[^1] is { Count: < MailboxSnapshot.MaxChunk } last)
        {
            var entries = last.Entries;
            if (last.Count == entries.Length)
                Array.Resize(ref entries, Math.Min(entries.Length * 2, MailboxSnapshot.MaxChunk));
            entries[last.Count] = entry;
            _chunks[^1] = new SnapshotChunk(entries, last.Start, last.Count + 1);
            return;
        }

        var start = _chunks.Count == 0 ? 0 : _chunks[^1].Start + _chunks[^1].Count;
        var next = new MessageEntry[_chunks.Count == 0 ? FirstCapacity : MailboxSnapshot.MaxChunk];
        next[0] = entry;
        _chunks.Add(new SnapshotChunk(next, start, 1));
    }

    internal MailboxSnapshot Finish(MailboxId mailbox, UidValidity uidValidity, uint uidNext, long highestModSeq) =>
        new(mailbox, uidValidity, uidNext, highestModSeq, [.. _chunks]);

    /// <param name="changes">In the order of their UIDs, each once.</param>
    private void Change(MessageChange[] changes)
    {
        var done = 0;
        var removed = false;
        for (var i = 0; i < _chunks.Count && done < changes.Length; i++)
        {
            var end = done;
            while (end < changes.Length && changes[end].Entry.Uid <= _chunks[i].LastUid)
                end++;
            if (end == done)
                continue;
            var changed = Rewrite(_chunks[i], changes.AsSpan(done..end));
            removed |= changed.Count != _chunks[i].Count;
            _chunks[i] = changed;
            done = end;
        }

        if (removed)
            Tidy();
    }

    private static SnapshotChunk Rewrite(SnapshotChunk chunk, ReadOnlySpan<MessageChange> changes)
    {
        var entries = new MessageEntry[chunk.Entries.Length];
        var count = 0;
        foreach (ref readonly var entry in chunk.Span)
        {
            while (!changes.IsEmpty && changes[0].Entry.Uid < entry.Uid)
                changes = changes[1..];
            if (changes.IsEmpty || changes[0].Entry.Uid != entry.Uid)
                entries[count++] = entry;
            else if (changes[0].Kind == MessageChangeKind.Changed)
                entries[count++] = changes[0].Entry;
        }

        return new SnapshotChunk(entries, chunk.Start, count);
    }

    /// <summary>Drops empty chunks, joins small ones and counts the starts anew.</summary>
    private void Tidy()
    {
        var kept = 0;
        foreach (var chunk in CollectionsMarshal.AsSpan(_chunks))
        {
            if (chunk.Count == 0)
                continue;

            var last = kept == 0 ? default : _chunks[kept - 1];
            if (kept > 0 && Math.Min(last.Count, chunk.Count) < FewEntries && last.Count + chunk.Count <= MailboxSnapshot.MaxChunk)
            {
                var joined = new MessageEntry[MailboxSnapshot.MaxChunk];
                last.Span.CopyTo(joined);
                chunk.Span.CopyTo(joined.AsSpan(last.Count));
                _chunks[kept - 1] = new SnapshotChunk(joined, last.Start, last.Count + chunk.Count);
            }
            else
            {
                _chunks[kept] = chunk with { Start = kept == 0 ? 0 : last.Start + last.Count };
                kept++;
            }
        }

        _chunks.RemoveRange(kept, _chunks.Count - kept);
    }
}
