namespace MailSuite.Mda.Store.Snapshots;

/// <summary>Walks two snapshots side by side, by UID.</summary>
internal ref struct SnapshotComparison
{
    private readonly List<uint> _vanished = [];
    private readonly List<MessageEntry> _changed = [];
    private Cursor _older;
    private Cursor _newer;

    private SnapshotComparison(MailboxSnapshot older, MailboxSnapshot newer)
    {
        _older = new Cursor(older.Chunks);
        _newer = new Cursor(newer.Chunks);
    }

    internal static SnapshotDifference Compare(MailboxSnapshot older, MailboxSnapshot newer)
    {
        var comparison = new SnapshotComparison(older, newer);
        comparison.Walk();
        return new SnapshotDifference(comparison._vanished, comparison._changed, comparison._newer.Left);
    }

    private void Walk()
    {
        while (!_older.AtEnd && !_newer.AtEnd)
        {
            if (_older.Place == 0 && _newer.Place == 0 && ReferenceEquals(_older.Chunk.Entries, _newer.Chunk.Entries))
            {
                var both = Math.Min(_older.Chunk.Count, _newer.Chunk.Count);
                _older.Pass(both);
                _newer.Pass(both);
                continue;
            }

            Step();
        }

        for (; !_older.AtEnd; _older.Pass(1))
            _vanished.Add(_older.Entry.Uid);
    }

    private void Step()
    {
        ref readonly var before = ref _older.Entry;
        ref readonly var after = ref _newer.Entry;
        if (before.Uid == after.Uid)
        {
            if (before != after)
                _changed.Add(after);
            _older.Pass(1);
            _newer.Pass(1);
        }
        else
        {
            // UIDs only grow: what the newer has and the older has not lies behind all of the older.
            _vanished.Add(before.Uid);
            _older.Pass(1);
        }
    }

    private ref struct Cursor(ReadOnlySpan<SnapshotChunk> chunks)
    {
        private readonly ReadOnlySpan<SnapshotChunk> _chunks = chunks;
        private int _chunk;

        internal int Place { get; private set; }

        internal readonly bool AtEnd => _chunk == _chunks.Length;

        internal readonly SnapshotChunk Chunk => _chunks[_chunk];

        internal readonly ref readonly MessageEntry Entry => ref _chunks[_chunk].Entries[Place];

        internal readonly int Left => AtEnd ? 0 : _chunks[^1].Start + _chunks[^1].Count - (_chunks[_chunk].Start + Place);

        internal void Pass(int entries)
        {
            Place += entries;
            if (Place < _chunks[_chunk].Count)
                return;
            Place = 0;
            _chunk++;
        }
    }
}
