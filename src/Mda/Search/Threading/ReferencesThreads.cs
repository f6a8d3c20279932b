namespace MailSuite.Mda.Search.Threading;

/// <summary>THREAD=REFERENCES: the algorithm of RFC 5256 §3, step by step. Linear but for sorting, and without recursion: a chain may be as long as a mailbox.</summary>
internal sealed class ReferencesThreads
{
    private readonly IReadOnlyList<ThreadMessage> _messages;
    private readonly Dictionary<ulong, ThreadNode> _byId;
    private readonly List<ThreadNode> _all;

    private ReferencesThreads(IReadOnlyList<ThreadMessage> messages)
    {
        _messages = messages;
        _byId = new Dictionary<ulong, ThreadNode>(messages.Count);
        _all = new List<ThreadNode>(messages.Count);
    }

    internal static IReadOnlyList<ThreadNode> Of(IReadOnlyList<ThreadMessage> messages)
    {
        var threads = new ReferencesThreads(messages);
        threads.LinkByReferences();
        var roots = threads.PruneDummies();
        threads.SortRoots(roots);
        roots = threads.GroupBySubject(roots);
        threads.SortSiblings(roots);
        return roots;
    }

    /// <summary>Step 1.</summary>
    private void LinkByReferences()
    {
        for (var i = 0; i < _messages.Count; i++)
        {
            var message = _messages[i];
            // No Message-ID, or one that an earlier message has: it gets one that nobody refers to.
            var node = message.Id == 0 || NodeOf(message.Id) is not { IsDummy: true } own ? Added(new ThreadNode()) : own;
            node.Number = message.Number;
            node.Index = i;

            // 1.A: what is referred to is a chain.
            ThreadNode? last = null;
            foreach (var reference in message.References)
            {
                var next = NodeOf(reference);
                if (last is not null && next.Parent is null && next != last && !IsAbove(next, last))
                    Link(last, next);
                last = next;
            }

            // 1.B: the last reference is the parent; whoever said otherwise had a truncated chain.
            node.Parent = null;
            if (last is not null && last != node && !IsAbove(node, last))
                Link(last, node);
        }
    }

    /// <summary>Steps 2 and 3.</summary>
    /// <returns>The messages and dummies below the root.</returns>
    private List<ThreadNode> PruneDummies()
    {
        var roots = new List<ThreadNode>();
        foreach (var node in _all)
        {
            if (node.Parent is { } parent)
                parent.Children.Add(node);
            else
                roots.Add(node);
        }

        // Children before their parents, so that what a dummy hands up has been pruned already.
        foreach (var node in ChildrenFirst(roots))
            node.Children = Pruned(node.Children, isRoot: false);
        return Pruned(roots, isRoot: true);
    }

    private static List<ThreadNode> Pruned(List<ThreadNode> children, bool isRoot)
    {
        if (!children.Exists(child => child.IsDummy))
            return children;

        var kept = new List<ThreadNode>(children.Count);
        foreach (var child in children)
        {
            // Children of a dummy go to the root only when there is one of them.
            if (!child.IsDummy || isRoot && child.Children.Count > 1)
                kept.Add(child);
            else
                kept.AddRange(child.Children);
        }

        return kept;
    }

    /// <summary>Step 4.</summary>
    private void SortRoots(List<ThreadNode> roots)
    {
        foreach (var dummy in roots.Where(root => root.IsDummy))
            dummy.Children.Sort(Compare);
        roots.Sort(Compare);
    }

    /// <summary>Step 5.</summary>
    private List<ThreadNode> GroupBySubject(List<ThreadNode> roots)
    {
        var table = new Dictionary<string, ThreadNode>(StringComparer.Ordinal);
        foreach (var root in roots)
        {
            var first = FirstOf(root);
            if (first.Subject.Length == 0 || table.TryAdd(first.Subject, root))
                continue;
            var present = table[first.Subject];
            if (root.IsDummy && !present.IsDummy || FirstOf(present).IsReply && !present.IsDummy && !first.IsReply)
                table[first.Subject] = root;
        }

        var merged = new HashSet<ThreadNode>();
        var made = new Dictionary<ThreadNode, ThreadNode>();
        foreach (var root in roots)
        {
            var first = FirstOf(root);
            if (first.Subject.Length == 0 || !table.TryGetValue(first.Subject, out var present) || present == root)
                continue;

            merged.Add(root);
            if (present.IsDummy)
            {
                if (root.IsDummy)
                    present.Children.AddRange(root.Children);
                else
                    present.Children.Add(root);
            }
            else if (first.IsReply && !FirstOf(present).IsReply)
            {
                present.Children.Add(root);
            }
            else
            {
                var dummy = new ThreadNode { Children = [present, root] };
                table[first.Subject] = dummy;
                made.Add(present, dummy);
            }
        }

        return merged.Count == 0 ? roots : [.. roots.Where(root => !merged.Contains(root)).Select(root => made.GetValueOrDefault(root, root))];
    }

    /// <summary>Step 6.</summary>
    private void SortSiblings(List<ThreadNode> roots)
    {
        foreach (var node in ChildrenFirst(roots))
            node.Children.Sort(Compare);
        roots.Sort(Compare);
    }

    private ThreadNode NodeOf(ulong id)
    {
        if (!_byId.TryGetValue(id, out var node))
            _byId.Add(id, node = Added(new ThreadNode()));
        return node;
    }

    private ThreadNode Added(ThreadNode node)
    {
        _all.Add(node);
        return node;
    }

    private static void Link(ThreadNode parent, ThreadNode child)
    {
        child.Parent = parent;
        parent.MayBeAbove = true;
    }

    private static bool IsAbove(ThreadNode node, ThreadNode other)
    {
        if (!node.MayBeAbove)
            return false;
        for (var at = other.Parent; at is not null; at = at.Parent)
        {
            if (at == node)
                return true;
        }

        return false;
    }

    /// <summary>The message that stands for a thread: of a dummy it is the first child's.</summary>
    private ThreadMessage FirstOf(ThreadNode root) => _messages[(root.IsDummy ? root.Children[0] : root).Index];

    private int Compare(ThreadNode one, ThreadNode other)
    {
        var (first, second) = (FirstOf(one), FirstOf(other));
        var byDate = first.SentAt.CompareTo(second.SentAt);
        return byDate != 0 ? byDate : first.Number.CompareTo(second.Number);
    }

    private static List<ThreadNode> ChildrenFirst(List<ThreadNode> roots)
    {
        var order = new List<ThreadNode>(roots);
        for (var i = 0; i < order.Count; i++)
            order.AddRange(order[i].Children);
        order.Reverse();
        return order;
    }
}
