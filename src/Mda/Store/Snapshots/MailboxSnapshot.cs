using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Snapshots;

/// <summary>The messages of a mailbox as they were after one commit, in the order of their UIDs; never changed, shared by all sessions.</summary>
/// <remarks>
/// Kept in chunks, which one snapshot shares with the next: a change costs the chunks it touches and the list of chunks. A chunk with
/// room at its end takes new messages where they are, since an older snapshot does not look beyond its own count.
/// </remarks>
internal sealed class MailboxSnapshot
{
    /// <summary>Messages in a chunk at most: 20 KiB.</summary>
    internal const int MaxChunk = 512;

    private readonly SnapshotChunk[] _chunks;

    internal MailboxSnapshot(MailboxId mailbox, UidValidity uidValidity, uint uidNext, long highestModSeq, SnapshotChunk[] chunks)
    {
        Mailbox = mailbox;
        UidValidity = uidValidity;
        UidNext = uidNext;
        HighestModSeq = highestModSeq;
        _chunks = chunks;
        Count = chunks.Length == 0 ? 0 : chunks[^1].Start + chunks[^1].Count;
    }

    internal MailboxId Mailbox { get; }

    internal UidValidity UidValidity { get; }

    internal uint UidNext { get; }

    internal long HighestModSeq { get; }

    internal int Count { get; }

    /// <summary>The chunks, for what walks over them.</summary>
    internal ReadOnlySpan<SnapshotChunk> Chunks => _chunks;

    /// <summary>A message by its sequence number − 1.</summary>
    internal MessageEntry this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            var chunk = _chunks[ChunkAt(index)];
            return chunk.Entries[index - chunk.Start];
        }
    }

    /// <summary>
    /// The messages from <paramref name="index"/> to the end of its chunk, and at least one; empty at the end. A walk over all is
    /// <c>for (i = 0; i &lt; Count; i += span.Length)</c>.
    /// </summary>
    internal ReadOnlySpan<MessageEntry> SpanFrom(int index)
    {
        if (index == Count)
            return [];
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, (uint)Count, nameof(index));
        var chunk = _chunks[ChunkAt(index)];
        return chunk.Span[(index - chunk.Start)..];
    }

    /// <summary>The index of a message; −1 when it is not there.</summary>
    internal int IndexOf(uint uid)
    {
        var index = LowerBound(uid);
        return index < Count && this[index].Uid == uid ? index : -1;
    }

    /// <summary>The index of the first message whose UID is not lower; <see cref="Count"/> when there is none.</summary>
    internal int LowerBound(uint uid)
    {
        var low = 0;
        var high = _chunks.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_chunks[middle].LastUid < uid)
                low = middle + 1;
            else
                high = middle;
        }

        return low == _chunks.Length ? Count : _chunks[low].Start + LowerBound(_chunks[low].Span, uid);
    }

    /// <summary>What happened between two snapshots of one mailbox; chunks that both share are passed over.</summary>
    internal static SnapshotDifference Compare(MailboxSnapshot older, MailboxSnapshot newer) =>
        ReferenceEquals(older, newer) ? SnapshotDifference.None : SnapshotComparison.Compare(older, newer);

    private static int LowerBound(ReadOnlySpan<MessageEntry> entries, uint uid)
    {
        var low = 0;
        var high = entries.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (entries[middle].Uid < uid)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private int ChunkAt(int index)
    {
        var low = 0;
        var high = _chunks.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_chunks[middle].Start <= index)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }
}

/// <summary>Some messages that follow one another: the first <paramref name="Count"/> of <paramref name="Entries"/>, never none.</summary>
/// <param name="Start">The index of the first.</param>
internal readonly record struct SnapshotChunk(MessageEntry[] Entries, int Start, int Count)
{
    internal ReadOnlySpan<MessageEntry> Span => Entries.AsSpan(0, Count);

    internal uint LastUid => Entries[Count - 1].Uid;
}
