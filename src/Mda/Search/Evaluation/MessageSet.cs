using System.Numerics;

namespace MailSuite.Mda.Search.Evaluation;

/// <summary>Some messages of a snapshot, by their index: a bit for each message.</summary>
internal sealed class MessageSet(int size)
{
    private readonly ulong[] _bits = new ulong[(size + 63) / 64];

    /// <summary>Messages of the snapshot.</summary>
    internal int Size => size;

    internal int Count
    {
        get
        {
            var count = 0;
            foreach (var word in _bits)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    internal bool IsEmpty => !_bits.AsSpan().ContainsAnyExcept(0UL);

    internal static MessageSet All(int size)
    {
        var all = new MessageSet(size);
        all._bits.AsSpan().Fill(ulong.MaxValue);
        if (size % 64 != 0)
            all._bits[^1] = (1UL << (size % 64)) - 1;
        return all;
    }

    internal bool Contains(int index) => (_bits[index >> 6] & (1UL << (index & 63))) != 0;

    internal void Add(int index) => _bits[index >> 6] |= 1UL << (index & 63);

    internal void Remove(int index) => _bits[index >> 6] &= ~(1UL << (index & 63));

    internal MessageSet Copy()
    {
        var copy = new MessageSet(size);
        _bits.CopyTo(copy._bits, 0);
        return copy;
    }

    internal MessageSet With(MessageSet other)
    {
        var union = Copy();
        for (var i = 0; i < _bits.Length; i++)
            union._bits[i] |= other._bits[i];
        return union;
    }

    internal MessageSet Without(MessageSet other)
    {
        var rest = Copy();
        for (var i = 0; i < _bits.Length; i++)
            rest._bits[i] &= ~other._bits[i];
        return rest;
    }

    /// <summary>The indexes, ascending.</summary>
    internal IEnumerable<int> Indexes()
    {
        for (var i = 0; i < _bits.Length; i++)
        {
            for (var word = _bits[i]; word != 0; word &= word - 1)
                yield return (i * 64) + BitOperations.TrailingZeroCount(word);
        }
    }
}
