using System.Diagnostics.CodeAnalysis;

namespace MailSuite.Mda.Accounts;

/// <summary>A dictionary that holds so many entries at most and lets go of the one not used for longest. Not thread-safe.</summary>
internal sealed class RecentEntries<TKey, TValue>(int capacity) where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _byUse = new();

    internal int Count => _nodes.Count;

    internal bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_nodes.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        _byUse.Remove(node);
        _byUse.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    internal void Set(TKey key, TValue value)
    {
        Remove(key);
        _nodes[key] = _byUse.AddFirst((key, value));
        if (_nodes.Count > capacity)
            Remove(_byUse.Last!.Value.Key);
    }

    internal void Remove(TKey key)
    {
        if (_nodes.Remove(key, out var node))
            _byUse.Remove(node);
    }
}
